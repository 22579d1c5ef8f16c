"""The distributions, built once, and an environment into which the wheel was installed without extras."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UV = Path(sys.executable).with_name("uv")


def uv(*arguments: str | Path) -> None:
    subprocess.run([UV, "--quiet", *arguments], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("distributions")
    uv("build", "--out-dir", folder)
    return folder


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, distributions: Path) -> Path:
    """The commands of an environment that has the wheel, with its locked dependencies, and no extra."""
    folder = tmp_path_factory.mktemp("installed")
    locked = folder / "requirements.txt"
    uv("export", "--frozen", "--no-default-groups", "--no-emit-project", "--output-file", locked)
    uv("venv", "--python", sys.executable, folder / "venv")
    python = folder / "venv" / "bin" / "python"
    [wheel] = distributions.glob("*.whl")
    uv("pip", "install", "--python", python, "--requirements", locked)
    uv("pip", "install", "--python", python, "--no-deps", wheel)
    return python.parent
