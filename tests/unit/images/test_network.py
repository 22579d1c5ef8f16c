"""What a build is told of this machine's proxy: the certificates it trusts and its package index."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.errors import ImageError
from seatrial.images import network
from seatrial.images.network import ca_bundle, network_files, proxy_arguments
from seatrial.images.recipes import RECIPES, containers_folder
from seatrial.settings import BuildSettings

NOTHING_SET: dict[str, str] = {}


@pytest.fixture(autouse=True)
def no_system_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "SYSTEM_BUNDLE", tmp_path / "absent.pem")


def bundle(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text(f"certificate {name}")
    return path


def test_without_a_bundle_pip_uses_its_own() -> None:
    files = network_files(BuildSettings(), NOTHING_SET)

    assert "network/ca.pem" not in files
    assert b"cert" not in files["network/pip.conf"]


def test_the_bundle_of_the_settings_comes_first(tmp_path: Path) -> None:
    ours, theirs = bundle(tmp_path, "ours"), bundle(tmp_path, "theirs")

    assert ca_bundle(BuildSettings(ca_bundle=ours), {"PIP_CERT": str(theirs)}) == ours


@pytest.mark.parametrize("variable", ["PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_bundle_that_this_machines_tools_trust_is_used(tmp_path: Path, variable: str) -> None:
    files = network_files(BuildSettings(), {variable: str(bundle(tmp_path, "ca"))})

    assert files["network/ca.pem"] == b"certificate ca"
    assert b"cert = /network/ca.pem" in files["network/pip.conf"]
    assert b"/network/ca.pem" in files["network/apt.conf"]


def test_a_variable_that_names_no_file_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = bundle(tmp_path, "system")
    monkeypatch.setattr(network, "SYSTEM_BUNDLE", system)

    assert ca_bundle(BuildSettings(), {"PIP_CERT": str(tmp_path / "gone")}) == system


def test_a_bundle_named_in_the_settings_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as refused:
        ca_bundle(BuildSettings(ca_bundle=tmp_path / "gone"), NOTHING_SET)

    assert refused.value.slug == "ca-bundle-missing"


def test_the_index_of_the_settings_wins_over_the_environments() -> None:
    environment = {
        "PIP_INDEX_URL": "https://environment.example/simple",
        "PIP_TRUSTED_HOST": "environment.example",
    }
    ours = network_files(BuildSettings(index_url="https://settings.example/simple"), environment)[
        "network/pip.conf"
    ]
    theirs = network_files(BuildSettings(), environment)["network/pip.conf"]

    assert b"index-url = https://settings.example/simple\n" in ours
    assert b"index-url = https://environment.example/simple\n" in theirs
    assert b"trusted-host = environment.example\n" in theirs


def test_only_proxy_variables_become_build_arguments() -> None:
    environment = {"https_proxy": "http://proxy:3128", "NO_PROXY": "", "AWS_SECRET_ACCESS_KEY": "secret"}

    assert proxy_arguments(environment) == {"https_proxy": "http://proxy:3128"}


@pytest.mark.parametrize("folder", sorted({recipe.folder for recipe in RECIPES.values()}))
def test_only_build_stages_see_these_files(folder: str) -> None:
    """What follows the last FROM is the image."""
    dockerfile = (containers_folder() / folder / "Dockerfile").read_text()
    image = dockerfile[dockerfile.rindex("\nFROM ") :]

    assert "network" not in image
