"""A new process: how long it is before anything happens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.results import Results
from benchmarks.side import clean_environment
from benchmarks.targets import Comparison, Target, quantity, row
from benchmarks.timing import interleaved, timed

HEAVY = ("docker", "boto3", "sagemaker")
_COUNT = f"import sys, seatrial; print(sum(name in sys.modules for name in {HEAVY!r}))"
_MORE_OFTEN = 2
"""It takes no time, so it is repeated more."""


def measure(bench: Bench, results: Results) -> None:
    """Processes, one after another."""
    seatrial = str(Path(sys.executable).with_name("seatrial"))

    def help_text(_repetition: int) -> None:
        results.note("start.help", _seconds(seatrial, "--help"))

    def python(_repetition: int) -> None:
        results.note("start.python", _seconds(sys.executable, "-c", "pass"))

    def imported(_repetition: int) -> None:
        results.note("start.import", _seconds(sys.executable, "-c", "import seatrial"))

    interleaved(
        bench.scale.repetitions * _MORE_OFTEN, {"help": help_text, "python": python, "import": imported}
    )
    found = subprocess.run(
        [sys.executable, "-c", _COUNT], capture_output=True, text=True, check=True, env=clean_environment()
    )
    results.note("start.heavy", float(found.stdout))


def _seconds(*command: str) -> float:
    with timed() as watch:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=clean_environment())
    return watch.seconds


START_UP = Comparison(
    name="start",
    title="Start-up",
    about=f"""\
New processes, nothing cached in them. The second line counts which of {", ".join(HEAVY)} `import seatrial`
imports.""",
    measure=measure,
    targets=(
        Target("start-help", "`seatrial --help`", 0.3, quantity("start.help"), unit="s"),
        Target(
            "start-heavy",
            "heavy libraries that `import seatrial` imports",
            0,
            quantity("start.heavy"),
            unit="modules",
        ),
    ),
    rows=(
        row("`seatrial --help`", "start.help"),
        row("`python -c 'import seatrial'`", "start.import"),
        row("`python -c pass`", "start.python"),
    ),
)
