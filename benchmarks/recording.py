"""A long pipeline over an engine that only records: what planning and scheduling cost by themselves.

Run with a number of steps, it prints the figures as a line of JSON: each size has a process of its own.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.adapters.memory_engine import MemoryEngine, completed
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_store import MemoryStore

from benchmarks.timing import timed
from benchmarks.work import NOTHING, Work, WorkStep
from seatrial.app.parts import Parts
from seatrial.app.preflight import SHAPES, preflight
from seatrial.app.wishes import Wishes
from seatrial.dataflow import external_inputs, judge_definition, settings_without_effect
from seatrial.definition import bind_parameters, parse, parse_and_check
from seatrial.execution import (
    PREFIX_PARAMETER,
    Control,
    ExecutionServices,
    RandomIds,
    run_execution,
    start_execution,
)
from seatrial.outputs import registry_of_definition
from seatrial.ports.executions import ExecutionStatus
from seatrial.ports.jobs import JobEngine, JobListener, JobRequest, JobResult
from seatrial.ports.storage import ObjectStore
from seatrial.settings import Settings

WIDTH = 10
PREFIX = "s3://bench/long"


class RecordingEngine(MemoryEngine):
    """Remembers each request and answers at once; touches no disk."""

    def run(self, request: JobRequest, listener: JobListener) -> JobResult:
        """Keep the request."""
        self.requests.append(request)
        return completed(request)


class RecordingParts(Parts):
    """Real records in SQLite; engine, images and store in memory."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, _silent)
        self._engine = RecordingEngine()
        self._memory = MemoryStore()
        # What is kept in the instance is what a cached property answers.
        self.__dict__.update(images=MemoryImages(everything=True), store=self._memory)

    @property
    def running_store(self) -> ObjectStore | None:
        """The store in memory."""
        return self._memory

    def engine(self, name: str) -> JobEngine:
        """The recording one, whatever the name."""
        return self._engine


def long_work(steps: int) -> Work:
    """Ten chains side by side, each step with an input, an output, a script."""
    names = [f"Step{number}" for number in range(steps)]
    sources = [f"{PREFIX}/raw/"] * WIDTH + names
    made = (WorkStep(name, NOTHING, source) for name, source in zip(names, sources, strict=False))
    return Work("Long", "seatrial/base", PREFIX, tuple(made))


def plan_seconds(parts: Parts, text: str) -> float:
    """The work of `seatrial plan`: parse, check, graph, planned outputs, findings."""
    with timed() as watch:
        preflight(parts, Wishes("Long", text, "bench", prefix=PREFIX))
    return watch.seconds


def plan_parts(text: str) -> dict[str, float]:
    """Seconds of the parts of a plan, each done once more by itself."""
    with timed() as check:
        definition = parse_and_check(text, SHAPES, source="bench")
    bound = bind_parameters(definition, {PREFIX_PARAMETER: PREFIX})
    parts: dict[str, Callable[[], object]] = {
        "registry": lambda: registry_of_definition(definition, bound),
        "judge": lambda: judge_definition(definition, bound),
        "inputs": lambda: external_inputs(definition, bound),
        "settings": lambda: settings_without_effect(definition, {}),
    }
    seconds = {"plan.check": check.seconds}
    for name, part in parts.items():
        with timed() as watch:
            part()
        seconds[f"plan.{name}"] = watch.seconds
    return seconds


def schedule_seconds(parts: Parts, text: str) -> float:
    """From the first step's start to the last step's record, jobs taking no time."""
    engine, control = parts.engine("recording"), Control()
    record = start_execution(
        parse(text),
        parameters={},
        prefix=PREFIX,
        pipeline_name="Long",
        records=parts.records,
        settings=parts.settings,
        ids=RandomIds(),
        clock=parts.clock,
    )
    services = ExecutionServices(
        records=parts.records,
        settings=parts.settings,
        run_job=partial(engine.run, listener=control.progress),
        stop_job=engine.stop,
        read_object=parts.store.read,
        clock=parts.clock,
        ids=RandomIds(),
    )
    with timed() as watch:
        ended = run_execution(record.execution_id, services, control=control)
    if ended.status is not ExecutionStatus.SUCCEEDED:
        raise RuntimeError(f"the long pipeline ended as {ended.status.value}")
    return watch.seconds


def measure_time(steps: int) -> dict[str, float]:
    """Seconds of plan and schedule in a process that has done nothing yet, then of the plan's parts."""
    text = long_work(steps).definition()
    with _room() as parts:
        plan, schedule = plan_seconds(parts, text), schedule_seconds(parts, text)
        return {"plan": plan, "schedule": schedule, **plan_parts(text)}


def measure_memory(steps: int) -> dict[str, float]:
    """By how much the process grew at most, when all that is loaded once had been loaded."""
    few, many = long_work(WIDTH).definition(), long_work(steps).definition()
    with _room() as parts:
        for text in (few, many):
            before = peak_bytes(Path("/proc/self/status").read_text())
            plan_seconds(parts, text)
            schedule_seconds(parts, text)
        after = peak_bytes(Path("/proc/self/status").read_text())
    return {"memory": max(after - before, 1.0)}


def peak_bytes(status: str) -> float:
    """The greatest resident memory of a process, from the text of its `status`."""
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return float(line.split()[1]) * 1024


@contextmanager
def _room() -> Iterator[Parts]:
    with tempfile.TemporaryDirectory() as folder:
        yield RecordingParts(Settings(state_dir=Path(folder) / "state", cache_dir=Path(folder) / "cache"))


def _silent(_line: str) -> None:
    """Nothing here takes long enough to tell."""


if __name__ == "__main__":
    chosen = measure_memory if "--memory" in sys.argv else measure_time
    print(json.dumps(chosen(int(sys.argv[1]))))
