"""Tags follow from content: the same files give the same tag, any change another one."""

from __future__ import annotations

import re
import shutil
import tarfile
from pathlib import Path

import pytest

from seatrial.images import context, recipes
from seatrial.images.context import pack, reference_of
from seatrial.images.recipes import RECIPES, Recipe, containers_folder, locked_versions


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of `containers/` that a test may change."""
    copy = tmp_path / "containers"
    shutil.copytree(containers_folder(), copy)
    monkeypatch.setattr(context, "containers_folder", lambda: copy)
    return copy


def tags() -> dict[str, str]:
    return {name: reference_of(recipe) for name, recipe in RECIPES.items()}


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_every_recipe_has_a_dockerfile_and_a_tag_of_twelve_digits(recipe: Recipe) -> None:
    assert (containers_folder() / recipe.folder / "Dockerfile").is_file()
    assert re.fullmatch(rf"seatrial/{recipe.name}:[0-9a-f]{{12}}", reference_of(recipe))


def test_a_copy_of_the_files_has_the_same_tags(copied: Path) -> None:
    before = tags()
    for path in copied.rglob("*"):
        path.touch()
    (copied / "base" / "Dockerfile").chmod(0o600)

    assert tags() == before


def test_a_change_rebuilds_what_stands_on_it_and_nothing_else(copied: Path) -> None:
    before = tags()
    with (copied / "toolkit" / "Dockerfile").open("a") as dockerfile:
        dockerfile.write("# changed\n")
    changed = {name for name, tag in tags().items() if tag != before[name]}

    assert changed == {"toolkit", "scikit-learn", "scikit-learn-1.2", "xgboost"}


def test_a_new_file_changes_the_tag_and_an_editors_leftover_does_not(copied: Path) -> None:
    before = tags()
    (copied / "base" / ".Dockerfile.swp").write_text("x")
    (copied / "base" / "__pycache__").mkdir()
    (copied / "base" / "__pycache__" / "x.pyc").write_text("x")
    assert tags() == before

    (copied / "base" / "new").write_text("x")
    assert tags()["base"] != before["base"]


def test_a_pin_changes_the_tag() -> None:
    one = Recipe("x", "", folder="python", pins={"VERSION": "1"})
    other = Recipe("x", "", folder="python", pins={"VERSION": "2"})

    assert reference_of(one) != reference_of(other)


def test_the_context_holds_the_folder_and_what_was_added(tmp_path: Path) -> None:
    binary = tmp_path / "program"
    binary.write_bytes(b"\x7fELF")
    added = {"network/pip.conf": b"[global]\n", "minio": binary}
    with pack(RECIPES["base"], added) as packed, tarfile.open(fileobj=packed) as archive:
        members = {member.name: member for member in archive.getmembers()}

    assert {"Dockerfile", "requirements.txt", *added} <= set(members)
    assert members["minio"].mode == 0o755
    assert {(member.uid, member.mtime) for member in members.values()} == {(0, 0)}


def test_an_installed_package_brings_its_own_containers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "seatrial" / "images"
    (package / "containers").mkdir(parents=True)
    monkeypatch.setattr(recipes, "__file__", str(package / "recipes.py"))

    assert containers_folder() == package / "containers"


@pytest.mark.parametrize(
    "recipe", [recipe for recipe in RECIPES.values() if recipe.lock], ids=lambda recipe: recipe.name
)
def test_every_package_is_pinned_to_one_version(recipe: Recipe) -> None:
    lock = (containers_folder() / recipe.folder / str(recipe.lock)).read_text().splitlines()

    assert len(locked_versions(recipe)) == len([line for line in lock if not line.startswith("#")])
    if recipe.name not in ("monitor", "clarify"):  # those run programs of ours, the others the user's
        assert {"boto3", "pip"} <= set(locked_versions(recipe))


def test_boto3_is_new_enough_to_be_told_where_s3_is() -> None:
    for recipe in RECIPES.values():
        version = locked_versions(recipe).get("boto3")
        if version:
            assert tuple(map(int, version.split("."))) >= (1, 28, 0)


@pytest.mark.parametrize(
    "dockerfile",
    sorted(containers_folder().glob("*/*Dockerfile")),
    ids=lambda path: "/".join(path.parts[-2:]),
)
def test_every_stage_that_is_not_the_image_is_labelled_for_removal(dockerfile: Path) -> None:
    stages = dockerfile.read_text().split("\nFROM ")[1:]

    assert all("LABEL seatrial=build" in stage for stage in stages[:-1] if " AS build" in stage)
    assert "seatrial=build" not in stages[-1]
