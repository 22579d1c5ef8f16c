"""A pipeline and how it is to run: what `plan` and `run` are told by the same options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any

from seatrial.app.parts import Parts
from seatrial.cli.options import (
    engine_option,
    parameter_options,
    pipeline_argument,
    read_parameters,
    seed_options,
)
from seatrial.sessions.loaded import Loaded, load


@dataclass(frozen=True)
class Asked:
    """What stood on the command line; each field is a parameter of `asking_for_a_trial`."""

    pipeline: str
    parameters: tuple[str, ...]
    parameters_file: Path | None
    prefix: str | None
    seeds: tuple[str, ...]
    seeds_file: Path | None
    engine: str

    def load(self, parts: Parts, max_parallel_steps: int | None = None) -> Loaded:
        """Compile or read the pipeline."""
        return load(
            parts,
            self.pipeline,
            parameters=read_parameters(self.parameters, self.parameters_file),
            prefix=self.prefix,
            seeds=self.seeds,
            seeds_file=self.seeds_file,
            engine=self.engine,
            max_parallel_steps=max_parallel_steps,
        )


def asking_for_a_trial(command: Callable[..., None]) -> Callable[..., None]:
    """PIPELINE, its parameters, its seeds and the engine; the command gets them as `asked`."""

    @wraps(command)
    def with_asked(*args: Any, **given: Any) -> None:
        asked = Asked(**{field.name: given.pop(field.name) for field in fields(Asked)})
        command(*args, asked=asked, **given)

    return pipeline_argument(parameter_options(seed_options(engine_option(with_asked))))
