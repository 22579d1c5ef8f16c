"""2000 steps over an engine that records: planning, scheduling and memory, without a single container."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from benchmarks.bench import ROOT, Bench
from benchmarks.results import Results
from benchmarks.side import clean_environment
from benchmarks.targets import Comparison, Target, quantity, row

MIB = 2**20


def measure(bench: Bench, results: Results) -> None:
    """Each size in a process of its own, time and memory in different ones."""
    most = bench.scale.steps[-1]
    for _ in range(bench.scale.fewest):
        found = _record(most)
        results.note("many.schedule.step", found.pop("schedule") * 1000 / most)
        for part, seconds in found.items():
            results.note(f"many.{part}", seconds)
    with ThreadPoolExecutor() as threads:  # time does not matter here
        traced = list(threads.map(partial(_record, memory=True), bench.scale.steps))
    for name, found in zip(("quarter", "half", "all"), traced, strict=False):
        results.note(f"many.memory.{name}", found["memory"] / MIB)


def _record(steps: int, *, memory: bool = False) -> dict[str, float]:
    options = ["--memory"] if memory else []
    command = [sys.executable, "-m", "benchmarks.recording", str(steps), *options]
    answer = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT, env=clean_environment()
    )
    found: dict[str, float] = json.loads(answer.stdout)
    return found


MANY_STEPS = Comparison(
    name="many",
    title="2000 trivial steps",
    about="""\
A definition of 2000 processing steps, ten chains side by side, each step with an input, an output and a
script; the job engine records the request and answers at once. *Plan* is what `seatrial plan` does: parse,
check against AWS's model, graph, planned outputs, findings. *Schedule* is the execution itself, its records
in SQLite on disk. *Memory* is by how much the process grew at most
in doing both; it is linear if twice the steps take at most about twice the memory.""",
    measure=measure,
    targets=(
        Target("many-plan", "2000 steps planned", 2.0, quantity("many.plan"), unit="s"),
        Target("many-schedule", "a step scheduled", 2.0, quantity("many.schedule.step"), unit="ms"),
        Target(
            "many-memory",
            "memory of 2000 steps, against 1000",
            2.2,
            quantity("many.memory.all"),
            quantity("many.memory.half"),
        ),
    ),
    rows=(
        row("plan", "many.plan"),
        row("… by itself: parse and check", "many.plan.check"),
        row("… by itself: registry of planned outputs", "many.plan.registry"),
        row("… by itself: data flow", "many.plan.judge"),
        row("… by itself: external inputs", "many.plan.inputs"),
        row("… by itself: settings without effect", "many.plan.settings"),
        row("schedule, a step", "many.schedule.step", unit="ms"),
        row("memory, 500 steps", "many.memory.quarter", unit="MiB"),
        row("memory, 1000 steps", "many.memory.half", unit="MiB"),
        row("memory, 2000 steps", "many.memory.all", unit="MiB"),
    ),
)
