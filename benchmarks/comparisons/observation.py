"""The same steps with observation on and off: what it costs to see calls and opened files."""

from __future__ import annotations

import shutil
import time
from functools import partial

from benchmarks.bench import Bench
from benchmarks.objects import Data, settle, write_data
from benchmarks.results import Results
from benchmarks.targets import Comparison, Target, quantity, row
from benchmarks.timing import interleaved
from benchmarks.work import Work, chain, copying

_ONE_FILE = Data(1, 1024)
_MORE_OFTEN = 2


def measure(bench: Bench, results: Results) -> None:
    """Two sides that differ by the settings `observation.calls` and `observation.files` alone."""
    length = bench.scale.chain

    def chained(observed: bool, repetition: int) -> None:
        source = _source(bench, _ONE_FILE, f"observation-chained/{observed}-{repetition}")
        prefix = f"s3://bench/observation-chained-{observed}-{repetition}"
        seconds = _run(bench, chain(bench.image, prefix, source, length), observed)
        results.note(f"observation.chained.{_side(observed)}", seconds / length)

    def small(observed: bool, repetition: int) -> None:
        source = _source(bench, bench.scale.small, f"observation-small/{observed}-{repetition}")
        prefix = f"s3://bench/observation-small-{observed}-{repetition}"
        seconds = _run(bench, copying(bench.image, prefix, source), observed)
        results.note(f"observation.small.{_side(observed)}", seconds)

    for work, times in ((chained, bench.scale.repetitions * _MORE_OFTEN), (small, bench.scale.fewest)):
        interleaved(times, {"on": partial(work, True), "off": partial(work, False)})


def _side(observed: bool) -> str:
    return "on" if observed else "off"


def _run(bench: Bench, work: Work, observed: bool) -> float:
    # The store's trace is followed for some seconds after the last job: not on the other side's account. Both
    # wait, because a machine that has rested is slower at first.
    time.sleep(bench.scale.unwatched_seconds)
    seconds = bench.seatrial.run(work, observed=observed).seconds
    bench.clear()
    return seconds


def _source(bench: Bench, data: Data, name: str) -> str:
    """New objects, and a disk at rest."""
    folder = bench.fresh("source")
    write_data(folder, data)
    uri = bench.objects.put(folder, name)
    shutil.rmtree(folder)
    settle()
    return uri


OBSERVATION = Comparison(
    name="observation",
    title="Observation",
    about="""\
The same executions with observation on, as it is by default, and with `observation.calls` and
`observation.files` off: every S3 call that a step's own code makes, in the store's trace, and which files of
its inputs it opens. Five steps in a row with 1 KB each, and one step that copies 2000 files of 10 KB, all of
which it opens.""",
    measure=measure,
    targets=(
        Target(
            "observation-chained",
            "a step that is observed, against one that is not",
            1.05,
            quantity("observation.chained.on"),
            quantity("observation.chained.off"),
        ),
        Target(
            "observation-small",
            "a step that opens 2000 files, observed against not",
            1.05,
            quantity("observation.small.on"),
            quantity("observation.small.off"),
        ),
    ),
    rows=(
        row("a step of five, observed", "observation.chained.on"),
        row("a step of five, not observed", "observation.chained.off"),
        row("2000 files, observed", "observation.small.on"),
        row("2000 files, not observed", "observation.small.off"),
    ),
)
