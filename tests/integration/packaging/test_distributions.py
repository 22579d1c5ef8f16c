"""What the wheel and the source distribution hold, and what the installed package can do without extras."""

from __future__ import annotations

import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from seatrial.images.context import reference_of
from seatrial.images.recipes import RECIPES
from tests.integration.packaging.conftest import ROOT


def answer(installed: Path, code: str) -> str:
    done = subprocess.run([installed / "python", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def tracked(folder: str) -> set[str]:
    """The files of a folder that belong to the project, relative to it."""
    listed = (path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.as_posix() for path in listed if "__pycache__" not in path.parts}


def test_the_wheel_holds_the_package_and_the_containers_and_nothing_else(distributions: Path) -> None:
    [wheel] = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert any(name.endswith("/licenses/LICENSE") for name in archive.namelist())
    package = {f"seatrial/{name}" for name in tracked("src/seatrial")}
    containers = {f"seatrial/images/containers/{name}" for name in tracked("containers")}
    assert names == package | containers
    assert "seatrial/py.typed" in names


def test_the_source_distribution_holds_what_a_build_needs_and_no_tests(distributions: Path) -> None:
    [sources] = distributions.glob("*.tar.gz")
    with tarfile.open(sources) as archive:
        tops = {name.split("/")[1] for name in archive.getnames()}
    assert {"src", "containers", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"} <= tops
    assert tops <= {
        "src",
        "containers",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "PKG-INFO",
        ".gitignore",
    }


@pytest.mark.parametrize("name", ["boto3", "sagemaker", "pytest", "hypothesis"])
def test_what_only_extras_and_tests_need_is_not_installed(installed: Path, name: str) -> None:
    assert answer(installed, f"import importlib.util as u; print(u.find_spec({name!r}))") == "None"


def test_the_installed_package_knows_the_same_images(installed: Path) -> None:
    code = (
        "from seatrial.images.context import reference_of; from seatrial.images.recipes import RECIPES;"
        "print(*map(reference_of, RECIPES.values()))"
    )
    assert answer(installed, code).split() == [reference_of(recipe) for recipe in RECIPES.values()]


def test_code_cannot_be_compiled_without_the_sdk_and_the_remedy_is_said(installed: Path) -> None:
    example = ROOT / "examples/breast_cancer/pipeline.py"
    environment = {"SEATRIAL_STORE__ENDPOINT_URL": "http://127.0.0.1:9", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [installed / "seatrial", "plan", example],
        env={**environment, "SEATRIAL_STORE__ACCESS_KEY": "key", "SEATRIAL_STORE__SECRET_KEY": "secret"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "pip install 'seatrial[sdk-v2]'" in done.stderr
