"""docs/benchmarks.md, written from one run's results; `python -m benchmarks.page docs/benchmarks.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from benchmarks.comparisons import COMPARISONS
from benchmarks.explanations import explanation
from benchmarks.figures import limit_text, with_spread
from benchmarks.results import Results, load_results
from benchmarks.targets import Comparison, Row, Target
from benchmarks.timing import spread

_WIDTH = 108

_INTRODUCTION = """\
# Benchmarks

seatrial against containers started by hand, and against the SageMaker SDK's own local mode: the same image,
the same commands, the same MinIO, in one run on one machine. `make bench` measures everything anew and
writes this page (about ten minutes); `make bench-quick` leaves local mode out, needs no SDK, prints its
figures and takes about two minutes.

Read the ratios: absolute times are this machine's. Every value is a median; a ratio is one of medians, and
its spread goes from the least to the greatest ratio of a single repetition. Repetitions are interleaved,
another side first each time. Each side runs in a process and an environment of its own, warmed up by one
untimed pipeline: imports, first connections and first networks are paid by then. Every repetition has new
objects, so no cache knows them."""

_CLOSING = """\
## How it is measured

The code is in [`benchmarks/`](../benchmarks/), a file for each comparison; the figures of this page's run
are [`benchmarks/results.json`](../benchmarks/results.json). The bare container copies network, limits,
capabilities, environment and mount points from a container of seatrial's, inspected while it ran. Before
each transfer the disk is brought to rest.

This page is written by `python -m benchmarks.page docs/benchmarks.md`; no figure in it is typed.
"""


def page(results: Results) -> str:
    """The whole page."""
    parts = [
        _INTRODUCTION,
        "\n".join(_summary(results)),
        "\n".join(_machine(results)),
        *("\n".join(_comparison(each, results)) for each in COMPARISONS),
        _CLOSING,
    ]
    return "\n\n".join(parts)


def _summary(results: Results) -> Iterator[str]:
    yield "## Targets\n"
    yield "| | target | measured | spread | |"
    yield "|---|---|---|---|---|"
    for comparison in COMPARISONS:
        for target in comparison.targets:
            yield _target_line(comparison, target, results)


def _target_line(comparison: Comparison, target: Target, results: Results) -> str:
    wanted = limit_text(target.limit, target.unit, target.at_least)
    found = target.measured(results)
    if found is None:
        return f"| {comparison.title}: {target.words} | {wanted} | not measured | | |"
    middle, values = with_spread(found, target.unit)
    verdict = "reached" if target.reached(results) else "**not reached**"
    return f"| {comparison.title}: {target.words} | {wanted} | {middle} | {values} | {verdict} |"


def _machine(results: Results) -> Iterator[str]:
    machine = results.machine
    yield "## The machine\n"
    yield "| | |"
    yield "|---|---|"
    yield f"| processor | {machine.cores} cores of {machine.processor}, {machine.memory_gib} GiB of memory |"
    yield f"| system | {machine.system}, {machine.kernel}, {machine.file_system} |"
    yield f"| Docker Engine | {machine.docker}, {machine.storage_driver} |"
    yield f"| Python | {machine.python} |"
    yield f"| measured | {results.day}, {results.repetitions} repetitions, load {machine.load} at the start |"
    for name, version in sorted(results.versions.items()):
        yield f"| {name} | {version} |"


def _comparison(comparison: Comparison, results: Results) -> Iterator[str]:
    yield f"## {comparison.title}\n"
    yield _wrapped(comparison.about) + "\n"
    yield "| | median | spread |"
    yield "|---|---|---|"
    yield from (_row_line(each, results) for each in comparison.rows if each.quantity.of(results))
    for target in comparison.targets:
        if target.reached(results) is False:
            yield "\n" + _wrapped(f"Not reached: {target.words}. {explanation(target.name, results)}")


def _row_line(line: Row, results: Results) -> str:
    middle, values = with_spread(spread(line.quantity.of(results)), line.unit)
    return f"| {line.words} | {middle} | {values} |"


def _wrapped(paragraph: str) -> str:
    return fill(" ".join(paragraph.split()), _WIDTH, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(load_results()), encoding="utf-8")
