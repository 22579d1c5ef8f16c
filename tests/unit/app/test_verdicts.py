"""`seatrial plan` has a verdict on every definition of the corpus: the one that is kept beside it."""

from __future__ import annotations

import pytest

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
