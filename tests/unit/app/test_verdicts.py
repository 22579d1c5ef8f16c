"""`seatrial plan` has a verdict on every definition of the corpus: the one that is kept beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.app.planning import planned
from seatrial.app.wishes import Wishes
from tests.adapters.pipelines import pipeline, processing
from tests.adapters.plausible_parts import plausible_parts
from tests.corpus.verdicts import CORPUS, cases, verdict_text


@pytest.mark.parametrize("case", cases())
def test_the_verdict_is_the_one_that_is_kept(case: str) -> None:
    kept = CORPUS / case / "verdict.txt"
    again = f"write it anew: python -m tests.corpus.verdicts {case}"
    assert kept.exists(), again
    assert verdict_text(case) == kept.read_text(encoding="utf-8"), again


def test_how_many_run_unchanged_can_be_counted() -> None:
    kept = sorted(CORPUS.glob("*/verdict.txt"))
    first = [path.read_text(encoding="utf-8").splitlines()[0] for path in kept]
    assert set(first) <= {"unchanged: runs", "unchanged: does-not-run"}
    assert first.count("unchanged: runs") >= len(first) // 3


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("s3://bucket//x", "the key begins with a slash"),
        ("s3://bucket/a/../x", "a key has no part that is empty, a dot or two"),
        ("s3://bucket/a//x", "a key has no part that is empty, a dot or two"),
        ("s3://Bad_Bucket/x", "not a bucket name"),
        ("s3://bucket/empty", "there is no file in"),
    ],
)
def test_a_seed_that_no_store_takes_keeps_a_plan_from_saying_that_it_runs(
    tmp_path: Path, uri: str, why: str
) -> None:
    folder = tmp_path / "seed"
    folder.mkdir()
    if "empty" not in uri:
        (folder / "a.csv").write_text("1\n")
    wishes = Wishes("Churn", pipeline(processing("Work")).text, "p.json", seeds=(f"{uri}={folder}",))
    blocking = planned(plausible_parts(tmp_path), wishes).blocking
    assert [found.message.startswith(why) for found in blocking if found.code != "ST302"] == [True]
