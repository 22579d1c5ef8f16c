"""The comparisons, one file each; a new one is a file and a line in `COMPARISONS`."""

from __future__ import annotations

from benchmarks.comparisons.chained import CHAINED
from benchmarks.comparisons.large_file import LARGE_FILE
from benchmarks.comparisons.many_steps import MANY_STEPS
from benchmarks.comparisons.observation import OBSERVATION
from benchmarks.comparisons.parallel import PARALLEL
from benchmarks.comparisons.runner import RUNNER
from benchmarks.comparisons.second_reader import SECOND_READER
from benchmarks.comparisons.small_files import SMALL_FILES
from benchmarks.comparisons.start_up import START_UP
from benchmarks.targets import Comparison

COMPARISONS: tuple[Comparison, ...] = (
    CHAINED,
    PARALLEL,
    LARGE_FILE,
    SMALL_FILES,
    SECOND_READER,
    START_UP,
    MANY_STEPS,
    RUNNER,
    OBSERVATION,
)
