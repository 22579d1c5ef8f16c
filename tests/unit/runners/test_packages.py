"""Installing the engine, tried with a stand-in for apt-get."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.errors import EnvironmentUnfitError
from seatrial.runners.packages import install_compose, install_engine

# Notes each call; `install` fails as often as the file `failures` has lines.
STAND_IN = """#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >>{folder}/calls
case "$*" in *install*)
  if [ -s {folder}/failures ]; then sed -i 1d {folder}/failures; echo "E: mirror stumbled"; exit 100; fi
  echo "noise"; echo "Setting up docker.io ...";;
esac
"""


def stand_in(folder: Path, failures: int) -> str:
    """A program that behaves like apt-get on a bad day."""
    (folder / "failures").write_text("once\n" * failures)
    program = folder / "apt-get"
    program.write_text(STAND_IN.format(folder=folder))
    program.chmod(0o755)
    return str(program)


def test_it_tries_again_and_shows_what_it_does(tmp_path: Path) -> None:
    said: list[str] = []
    install_engine(said.append, program=stand_in(tmp_path, failures=1), pauses=(0, 0))
    assert "  E: mirror stumbled" in said
    assert said[-1] == "  Setting up docker.io ..."
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 4
    assert all(call.startswith("noninteractive -y ") for call in calls)
    assert " docker.io iptables iproute2 " in calls[-1]


def test_it_gives_up_with_the_last_words(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentUnfitError, match="mirror stumbled") as trouble:
        install_engine(lambda line: None, program=stand_in(tmp_path, failures=5), pauses=(0, 0))
    assert trouble.value.slug == "docker-not-installed"
    assert (trouble.value.hint or "").startswith("apt-get update && apt-get install -y docker.io")


def test_system_without_apt_is_told_where_to_look() -> None:
    with pytest.raises(EnvironmentUnfitError, match="no apt-get") as trouble:
        install_engine(lambda line: None, program="no-such-apt-get")
    assert trouble.value.slug == "docker-missing"


def test_compose_is_installed_in_the_same_way(tmp_path: Path) -> None:
    install_compose(lambda line: None, program=stand_in(tmp_path, failures=0), pauses=(0,))
    assert (tmp_path / "calls").read_text().splitlines()[-1].endswith(" docker-compose")


def test_compose_that_cannot_be_had_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentUnfitError, match="Docker Compose could not be installed") as trouble:
        install_compose(lambda line: None, program=stand_in(tmp_path, failures=5), pauses=(0,))
    assert trouble.value.slug == "compose-not-installed"
