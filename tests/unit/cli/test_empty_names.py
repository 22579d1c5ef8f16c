"""An empty text is not what was left out: a script's lost variable must not mean `latest`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from seatrial.cli import main
from tests.adapters.pipelines import pipeline, processing


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", ""),
        ("check", ""),
        ("stop", ""),
        ("logs", "A", ""),
        ("logs", "A", "-e", ""),
        ("download", "A.data", ".", ""),
        ("resume", "latest", "--engine", ""),
        ("resume", ""),
        ("plan", "p.json", "--only", "A", "--source", ""),
        ("plan", "p.json", "--source", ""),
        ("plan", "p.json", "--prefix", ""),
        ("plan", "p.json", "--engine", ""),
    ],
    ids=" ".join,
)
def test_an_empty_name_is_refused_in_words(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.json").write_text(pipeline(processing("A")).text)

    done = CliRunner().invoke(main, [*arguments, "--json"])

    [found] = json.loads(done.stdout)["findings"]
    assert (done.exit_code, found["code"]) == (2, "wrong-use")
    assert "it is empty" in found["message"]
    assert not (tmp_path / ".seatrial").exists()
