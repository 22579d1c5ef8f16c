"""From what a user named to what a trial takes: the same for every front door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from seatrial.app.parts import Parts
from seatrial.app.preflight import read_all_seeds
from seatrial.app.wishes import Wishes
from seatrial.sessions.compiled import CompiledPipeline
from seatrial.sessions.loading import load_pipeline, needs_compiling
from seatrial.storage.seeds import Seed


@dataclass(frozen=True)
class Loaded:
    """A pipeline, and what to do with it."""

    parts: Parts
    compiled: CompiledPipeline
    wishes: Wishes

    @property
    def seeds(self) -> tuple[Seed, ...]:
        """Local data for its inputs."""
        return read_all_seeds(self.wishes)


def load(
    parts: Parts,
    pipeline: str,
    *,
    parameters: Mapping[str, str] | None = None,
    prefix: str | None = None,
    seeds: tuple[str, ...] = (),
    seeds_file: Path | None = None,
    engine: str = "native",
    max_parallel_steps: int | None = None,
    only: tuple[str, ...] = (),
    begin: tuple[str, ...] = (),
    source_execution: str | None = None,
    replay_from: str | None = None,
    replay: tuple[str, ...] = (),
) -> Loaded:
    """Compile or read it. A store is started only for code, which uploads while it compiles.

    `max_parallel_steps` wins over what the pipeline's code configures, as that of a start call does.
    """
    settings = parts.settings
    if needs_compiling(pipeline):
        parts.say(f"compiling {pipeline}")
        compiled = load_pipeline(pipeline, address=parts.address, settings=settings)
    else:
        compiled = load_pipeline(pipeline, address=None, settings=settings)
    wishes = Wishes(
        pipeline_name=compiled.name,
        definition_text=compiled.definition_text,
        source=compiled.source,
        parameters=parameters or {},
        prefix=prefix,
        seeds=seeds,
        seeds_file=seeds_file or compiled.seeds or _here(settings.seeds),
        engine=engine,
        max_parallel_steps=max_parallel_steps or compiled.max_parallel_steps,
        only=only,
        begin=begin,
        source_execution=source_execution,
        replay_from=replay_from,
        replay=replay,
        functions=compiled.functions,
    )
    return Loaded(parts, compiled, wishes)


def _here(seeds: Path) -> Path | None:
    return seeds if seeds.is_file() else None
