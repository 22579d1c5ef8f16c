"""A second step that reads what the first one read: what the content cache is worth."""

from __future__ import annotations

import shutil
from functools import partial

from benchmarks.bench import Bench
from benchmarks.objects import Data, settle, write_data
from benchmarks.results import Results
from benchmarks.targets import Comparison, Target, quantity, row
from benchmarks.work import two_readers


def measure(bench: Bench, results: Results) -> None:
    """The stage-in of both steps of one execution."""
    kinds = {"large": bench.scale.large, "small": bench.scale.small}
    for repetition in range(bench.scale.fewest):
        for kind, data in kinds.items():
            _measure_one(bench, results, kind, data, repetition)


def _measure_one(bench: Bench, results: Results, kind: str, data: Data, repetition: int) -> None:
    folder = bench.fresh("second")
    write_data(folder, data)
    source = bench.objects.put(folder, f"second/{kind}-{repetition}")
    shutil.rmtree(folder)
    settle()
    answer = bench.seatrial.run(
        two_readers(bench.image, f"s3://bench/second-out-{kind}-{repetition}", source)
    )
    results.note(f"second.{kind}.first", answer.steps["First"]["stage_in"])
    results.note(f"second.{kind}.second", answer.steps["Second"]["stage_in"])
    bench.clear()


_target = partial(Target, limit=5.0, unit="%")

SECOND_READER = Comparison(
    name="second",
    title="A second step that reads the same data",
    about="""\
Two steps of one execution, one after the other, that are given the same input and do nothing with it. The
figure is the second's stage-in in percent of the first's. Both list the input in the store: an object that
changed in between would be noticed.""",
    measure=measure,
    targets=(
        _target(
            "second-large",
            "200 MB in one file, staged again",
            above=quantity("second.large.second"),
            below=quantity("second.large.first"),
        ),
        _target(
            "second-small",
            "2000 files of 10 KB, staged again",
            above=quantity("second.small.second"),
            below=quantity("second.small.first"),
        ),
    ),
    rows=(
        row("200 MB in one file, first", "second.large.first"),
        row("… second", "second.large.second"),
        row("2000 files of 10 KB, first", "second.small.first"),
        row("… second", "second.small.second"),
    ),
)
