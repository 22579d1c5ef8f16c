"""What `--portability` goes with, and what not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from seatrial.cli import main


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--thorough"], "--thorough goes with --portability"),
        (["--prefix", "s3://a/b"], "--prefix goes with --portability"),
        (["-p", "X=1"], "-p goes with --portability"),
        (["--second-region", "eu-west-1"], "--second-region goes with --portability"),
        (["--portability"], "'latest' names none"),
        (["x.json", "--portability", *["--prefix", "s3://a/b"] * 3], "at most twice"),
        (["x.json", "--portability", "--prefix", ""], "it is empty"),
        (["x.json", "--portability", "--second-account", "12"], "account_id"),
    ],
)
def test_words_that_mean_nothing_together_are_refused(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.json").write_text('{"Version": "2020-12-01", "Steps": []}')
    refused = CliRunner().invoke(main, ["check", *arguments])
    assert refused.exit_code == 2
    assert said in refused.output
