"""Eight steps that wait for nothing, in eight slots: what is lost when much happens at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from benchmarks.bare import run_bare
from benchmarks.bench import Bench
from benchmarks.results import Results
from benchmarks.targets import Comparison, Target, quantity, row
from benchmarks.timing import interleaved, timed
from benchmarks.work import sleepers


def measure(bench: Bench, results: Results) -> None:
    """Wall time of all eight."""
    count, seconds = bench.scale.sleepers, bench.scale.sleep_seconds

    def ours(repetition: int) -> None:
        work = sleepers(bench.image, f"s3://bench/parallel-ours-{repetition}", count, seconds)
        results.note("parallel.seatrial.whole", bench.seatrial.run(work, jobs=count).seconds)

    def bare(_repetition: int) -> None:
        trees = [bench.fresh("bare") for _ in range(count)]
        script = f"import time; time.sleep({seconds})"
        with ThreadPoolExecutor(count) as threads, timed() as watch:
            runs = [threads.submit(run_bare, bench.api, bench.pattern, script, tree) for tree in trees]
            phases = [run.result() for run in runs]
        results.note("parallel.bare.whole", watch.seconds)
        results.note("parallel.bare.slowest_start", max(each.start for each in phases))

    def theirs(repetition: int) -> None:
        if bench.local_mode is not None and repetition == 0:  # 40 seconds, and no target asks for it
            work = sleepers(bench.image, "s3://bench/parallel-theirs", count, seconds)
            results.note("parallel.local.whole", bench.local_mode.run(work).seconds)
        bench.clear()

    interleaved(bench.scale.fewest, {"seatrial": ours, "bare": bare, "local mode": theirs})


PARALLEL = Comparison(
    name="parallel",
    title="Eight independent steps",
    about="""\
Eight steps without data that sleep for three seconds, `--jobs 8`. *Bare* is eight threads, each with the
four API calls for a container of the same kind. *Local mode*, measured once, runs one
step after another, whatever the graph allows.""",
    measure=measure,
    targets=(
        Target(
            "parallel-bare",
            "all eight, against the same containers started by hand",
            1.2,
            quantity("parallel.seatrial.whole"),
            quantity("parallel.bare.whole"),
        ),
    ),
    rows=(
        row("seatrial", "parallel.seatrial.whole"),
        row("bare containers", "parallel.bare.whole"),
        row("… the slowest start among them", "parallel.bare.slowest_start"),
        row("local mode", "parallel.local.whole"),
    ),
)
