"""`python -m benchmarks`: measure, then write the page or print what was measured."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from benchmarks.bench import ROOT, Bench, Scale, bench_room
from benchmarks.comparisons import COMPARISONS
from benchmarks.figures import limit_text, with_spread
from benchmarks.machine import describe_machine
from benchmarks.page import page
from benchmarks.results import RESULTS, Results
from benchmarks.sdk_environment import FOLDER as SDK_FOLDER
from benchmarks.sdk_environment import REQUIREMENTS
from benchmarks.targets import Comparison
from benchmarks.timing import timed

PAGE = ROOT / "docs" / "benchmarks.md"
FULL, QUICK = 5, 2
FULL_FEWEST, QUICK_FEWEST = 3, 1
_SDK_VERSIONS = "import importlib.metadata as m; print(m.version('sagemaker'), m.version('boto3'))"


def main(arguments: list[str] | None = None) -> None:
    """Measure what is asked for; the page is only written by a run of everything."""
    options = _options(arguments)
    chosen = [each for each in COMPARISONS if not options.only or each.name in options.only]
    repetitions = options.repetitions or (QUICK if options.quick else FULL)
    fewest = QUICK_FEWEST if options.quick else FULL_FEWEST
    scale = Scale(repetitions, min(repetitions, fewest))
    with bench_room(scale, local_mode=not options.quick, say=_say) as bench:
        results = measure(bench, chosen)
    if options.results:
        results.write(options.results)
    elif not options.quick and chosen == list(COMPARISONS):
        results.write(RESULTS)
        PAGE.write_text(page(results), encoding="utf-8")
    print("\n".join(lines(results, chosen)))


def measure(bench: Bench, chosen: list[Comparison]) -> Results:
    """Run the comparisons one after another."""
    results = Results(
        day=datetime.now(timezone.utc).date().isoformat(),
        machine=describe_machine(bench.api, bench.folder),
        versions=_versions(with_sdk=bench.local_mode is not None),
        repetitions=bench.scale.repetitions,
    )
    for comparison in chosen:
        bench.say(comparison.title)
        with timed() as watch:
            comparison.measure(bench, results)
        bench.say(f"  {watch.seconds:.0f} s")
    return results


def lines(results: Results, chosen: list[Comparison]) -> Iterator[str]:
    """Every target of the chosen comparisons in a line of text."""
    for comparison in chosen:
        for target in comparison.targets:
            found = target.measured(results)
            words = f"{comparison.title}: {target.words}"
            if found is None:
                yield f"{words}: not measured"
                continue
            middle, values = with_spread(found, target.unit)
            verdict = "reached" if target.reached(results) else "NOT REACHED"
            wanted = limit_text(target.limit, target.unit, target.at_least)
            yield f"{words}: {middle} ({values}), {wanted}: {verdict}"


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without local mode; prints, writes no page")
    parser.add_argument("--repetitions", type=int, metavar="N", help=f"{FULL}, or {QUICK} with --quick")
    parser.add_argument("--only", nargs="+", choices=[each.name for each in COMPARISONS], metavar="NAME")
    parser.add_argument("--results", type=Path, metavar="FILE", help="keep the figures there, write no page")
    return parser.parse_args(arguments)


def _versions(*, with_sdk: bool) -> dict[str, str]:
    ours = {"seatrial": version("seatrial"), "minio (client)": version("minio")}
    if not with_sdk:
        return ours
    python = str(SDK_FOLDER / "bin" / "python")
    found = subprocess.run([python, "-c", _SDK_VERSIONS], capture_output=True, text=True, check=True)
    sagemaker, boto3 = found.stdout.split()
    return {**ours, f"{REQUIREMENTS[0].partition('==')[0]}, local mode's side": f"{sagemaker}, boto3 {boto3}"}


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
