"""A pipeline and how it is to run: what `plan` and `run` are told by the same options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any

import click

from seatrial.app.parts import Parts
from seatrial.cli.options import (
    engine_option,
    parameter_options,
    pipeline_argument,
    read_parameters,
    replay_options,
    seed_options,
    selection_options,
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
    only: tuple[str, ...]
    begin: tuple[str, ...]
    source_execution: str | None
    replay_from: str | None
    replay: tuple[str, ...]

    def load(self, parts: Parts, max_parallel_steps: int | None = None) -> Loaded:
        """Compile or read the pipeline."""
        if self.source_execution is not None and not self.only and not self.begin:
            raise click.UsageError("--source goes with --only or --from")
        if self.replay and self.replay_from is None:
            raise click.UsageError("--replay goes with --replay-from")
        return load(
            parts,
            self.pipeline,
            parameters=read_parameters(self.parameters, self.parameters_file),
            prefix=self.prefix,
            seeds=self.seeds,
            seeds_file=self.seeds_file,
            engine=self.engine,
            max_parallel_steps=max_parallel_steps,
            only=self.only,
            begin=self.begin,
            source_execution=self.source_execution,
            replay_from=self.replay_from,
            replay=self.replay,
        )


def asking_for_a_trial(command: Callable[..., None]) -> Callable[..., None]:
    """PIPELINE, its parameters, its seeds, its selection and the engine; the command gets them as `asked`."""

    @wraps(command)
    def with_asked(*args: Any, **given: Any) -> None:
        asked = Asked(**{field.name: given.pop(field.name) for field in fields(Asked)})
        command(*args, asked=asked, **given)

    selecting = selection_options(replay_options(engine_option(with_asked)))
    return pipeline_argument(parameter_options(seed_options(selecting)))
