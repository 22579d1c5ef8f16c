"""What a user asks of one trial, before anything is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.execution import PREFIX_PARAMETER
from seatrial.ports.functions import FunctionCode


@dataclass(frozen=True)
class Wishes:
    """A definition's text and how it is to run.

    `parameters` are overrides, all text, as the API sends them. `seeds` are `s3://uri=path` lines,
    `seeds_file` a file of such. `source` is what the user named, for messages. `only` these steps run, or
    those that `begin` names and what waits for them; `source_execution` gives what the others would have.
    `replay_from` is the execution whose outcomes the steps in `replay` have again, or without those the
    steps that cannot run here.
    `functions` are those that the pipeline's code created.
    """

    pipeline_name: str
    definition_text: str
    source: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    prefix: str | None = None
    seeds: tuple[str, ...] = ()
    seeds_file: Path | None = None
    engine: str = "native"
    max_parallel_steps: int | None = None
    only: tuple[str, ...] = ()
    begin: tuple[str, ...] = ()
    source_execution: str | None = None
    replay_from: str | None = None
    replay: tuple[str, ...] = ()
    functions: tuple[FunctionCode, ...] = ()

    def overrides(self) -> dict[str, str]:
        """The parameters, `--prefix` among them."""
        return {**self.parameters, **({PREFIX_PARAMETER: self.prefix} if self.prefix else {})}
