"""What the image of `@step` functions tells pip when the SDK asks it to upgrade itself."""

from __future__ import annotations

import importlib.metadata
import os
import runpy
import sys
from pathlib import Path

import pytest

from seatrial.images.recipes import containers_folder

SCRIPT = containers_folder() / "base-python" / "seatrial_offline.py"


@pytest.fixture
def wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of requirements; pip is installed here as version 24.0, the SDK as 2.257.7."""
    installed = {"pip": "24.0", "sagemaker": "2.257.7"}

    def version(name: str) -> str:
        if name in installed:
            return installed[name]
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.delenv("PIP_NO_INDEX", raising=False)
    return tmp_path / "requirements.txt"


def offline(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> bool:
    """Whether pip is told to ask no index when Python starts with these arguments."""
    monkeypatch.setattr(sys, "orig_argv", ["python", *arguments])
    runpy.run_path(str(SCRIPT))
    return os.environ.get("PIP_NO_INDEX") == "1"


@pytest.mark.parametrize(
    "text",
    [
        "sagemaker>=2.256.0,<3.0.0\n",
        "# the SDK\n\nsagemaker>=2.256.0,<3.0.0  # itself\npip\n",
        "",
    ],
)
def test_what_is_installed_is_looked_for_nowhere(
    wanted: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    wanted.write_text(text)
    assert offline(monkeypatch, "-m", "pip", "install", "-r", str(wanted), "-U")


@pytest.mark.parametrize(
    "text",
    [
        "sagemaker>=2.300,<3.0.0\n",
        "lightgbm\n",
        "sagemaker[local]\n",
        "pip @ https://example.com/pip.whl\n",
        "--index-url https://example.com/simple\nsagemaker\n",
        "-r other.txt\n",
    ],
)
def test_what_may_be_missing_is_left_to_pip(wanted: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    wanted.write_text(text)
    assert not offline(monkeypatch, "-m", "pip", "install", "-r", str(wanted), "-U")


@pytest.mark.parametrize(
    "arguments",
    [
        ("script.py",),
        ("-m", "pip", "list"),
        ("-m", "pip", "install", "sagemaker"),
        ("-m", "pip", "install", "-r", "not-there.txt", "-U"),
    ],
)
def test_any_other_command_is_left_alone(
    wanted: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    assert not offline(monkeypatch, *arguments)
