"""`seatrial plan` answers for whatever it is given, and its exit code says the same as before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from seatrial.cli import main


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "does not run because "),
        (
            '{"Version": "2020-12-01", "Steps": []}',
            "does not run because the pipeline has no steps (add a step)",
        ),
    ],
)
def test_what_cannot_be_read_does_not_run(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "p.json").write_text(text)
    answered = CliRunner().invoke(main, ["plan", "p.json"])
    assert answered.exit_code == 2
    assert answered.stdout.splitlines()[-1].startswith(said)
    assert answered.stderr.startswith("error ST")

    told = json.loads(CliRunner().invoke(main, ["plan", "p.json", "--json"]).stdout)
    assert told["verdict"]["kind"] == "does-not-run"
    assert told["verdict"]["reasons"] == told["findings"] != []


def test_a_file_that_is_not_there_does_not_run_either() -> None:
    answered = CliRunner().invoke(main, ["plan", "nothing.json"])
    assert answered.exit_code == 2
    assert answered.stdout.startswith("does not run because ")
    assert len(answered.stdout.splitlines()) == 1


def test_a_step_is_replayed_from_somewhere() -> None:
    answered = CliRunner().invoke(main, ["plan", "nothing.json", "--replay", "Train"])
    assert answered.exit_code == 2
    assert "--replay goes with --replay-from" in answered.stderr
