"""2000 files of 10 KB through one step: what each object costs."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.moving import Moving, moving_rows
from benchmarks.results import Results
from benchmarks.targets import Comparison, Target, quantity
from benchmarks.timing import interleaved


def measure(bench: Bench, results: Results) -> None:
    """Every side moves files that nobody saw before."""
    moving = Moving(bench, results, "small", bench.scale.small)
    sides = {"seatrial": moving.ours, "curl": moving.curl, "bare": moving.bare, "local mode": moving.theirs}
    interleaved(bench.scale.fewest, sides)


SMALL_FILES = Comparison(
    name="small",
    title="2000 files of 10 KB",
    about="""\
One step whose script copies its input folder to its output folder. *seatrial* is the whole execution with a
cold cache, every file verified by its MD5, every object of the output listed in a receipt. *Local mode*
moves the same objects one after another, and verifies none.""",
    measure=measure,
    targets=(
        Target(
            "small-local",
            "local mode, against seatrial",
            5.0,
            quantity("small.local.whole"),
            quantity("small.seatrial.whole"),
            at_least=True,
        ),
    ),
    rows=moving_rows("small"),
)
