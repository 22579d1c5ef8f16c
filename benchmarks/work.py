"""The work that is compared, said once: both sides make their own pipeline of it. Knows no side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.adapters.pipelines import PREFIX, join, output_of, processing

READS = "/opt/ml/processing/input/data"
WRITES = "/opt/ml/processing/out"
COPY = f"import shutil; shutil.copytree('{READS}', '{WRITES}', dirs_exist_ok=True)"
NOTHING = "pass"


@dataclass(frozen=True)
class WorkStep:
    """One processing step: `reads` is an S3 URI, or the name of the step whose output it reads.

    `script` is Python. A step that does not write has no output. `after` are steps that it waits for.
    """

    name: str
    script: str
    reads: str | None = None
    writes: bool = True
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """One pipeline, in the image that every side runs; outputs lie at `<prefix>/<step>`."""

    name: str
    image: str
    prefix: str
    steps: tuple[WorkStep, ...]

    def definition(self) -> str:
        """The text that CreatePipeline would receive, its prefix left to the execution."""
        parameter = {"Name": "EXECUTION_S3_PREFIX", "Type": "String"}
        return json.dumps(
            {
                "Version": "2020-12-01",
                "Metadata": {},
                "Parameters": [parameter],
                "Steps": [self._step(step) for step in self.steps],
            }
        )

    def _step(self, step: WorkStep) -> Mapping[str, Any]:
        reads = output_of(step.reads, "out") if step.reads in self.step_names else step.reads
        return processing(
            step.name,
            {"data": reads} if reads else {},
            {"out": join(PREFIX, step.name)} if step.writes else {},
            image=self.image,
            script=step.script,
            depends_on=step.after,
        )

    @property
    def step_names(self) -> tuple[str, ...]:
        """In the order of the definition."""
        return tuple(step.name for step in self.steps)


def chain(image: str, prefix: str, source: str, length: int) -> Work:
    """Each step copies what the one before it wrote."""
    names = [f"Step{number}" for number in range(1, length + 1)]
    steps = (WorkStep(name, COPY, before) for name, before in zip(names, [source, *names], strict=False))
    return Work("Chain", image, prefix, tuple(steps))


def sleepers(image: str, prefix: str, count: int, seconds: float) -> Work:
    """Steps without data that wait for nothing but time."""
    script = f"import time; time.sleep({seconds})"
    steps = (WorkStep(f"Sleep{number}", script, writes=False) for number in range(1, count + 1))
    return Work("Sleepers", image, prefix, tuple(steps))


def copying(image: str, prefix: str, source: str) -> Work:
    """One step that copies its input to its output."""
    return Work("Copying", image, prefix, (WorkStep("Copy", COPY, source),))


def two_readers(image: str, prefix: str, source: str) -> Work:
    """Two steps, one after the other, that are given the same data."""
    first = WorkStep("First", NOTHING, source, writes=False)
    second = WorkStep("Second", NOTHING, source, writes=False, after=("First",))
    return Work("TwoReaders", image, prefix, (first, second))
