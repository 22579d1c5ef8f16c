"""200 MB in one file through one step: how close staging comes to plain copies."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.moving import Moving, moving_rows
from benchmarks.results import Results
from benchmarks.targets import Comparison, Target, quantity
from benchmarks.timing import interleaved


def measure(bench: Bench, results: Results) -> None:
    """Every side moves bytes that nobody saw before."""
    moving = Moving(bench, results, "large", bench.scale.large)
    sides = {"seatrial": moving.ours, "curl": moving.curl, "bare": moving.bare, "local mode": moving.theirs}
    interleaved(bench.scale.repetitions, sides)


LARGE_FILE = Comparison(
    name="large",
    title="200 MB in one file",
    about="""\
One step whose script copies its input to its output. *seatrial* is the whole execution; its content cache
has never seen the object. The other side of the first target is a sum: `curl` down and `curl` up with
presigned URLs of the same MinIO, `cp`, and the bare container, whose script does the same copy between bind
mounts. `curl` verifies nothing; seatrial compares size and MD5 with what the store listed, and keeps what
it moved in its cache. *Local mode* verifies and keeps nothing either.""",
    measure=measure,
    targets=(
        Target(
            "large-parts",
            "the step, against curl down + curl up + cp + the bare container",
            1.5,
            quantity("large.seatrial.whole"),
            quantity("large.curl.down", "large.curl.up", "large.curl.disk", "large.bare.total"),
        ),
    ),
    rows=moving_rows("large"),
)
