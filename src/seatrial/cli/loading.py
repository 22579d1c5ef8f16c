"""From a command's PIPELINE argument to parts, definition and seeds: the same for every command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from seatrial.app.parts import Parts
from seatrial.app.preflight import read_all_seeds
from seatrial.app.wishes import Wishes
from seatrial.cli.options import current_settings, say
from seatrial.sessions import CompiledPipeline, load_pipeline, needs_compiling
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
    pipeline: str,
    *,
    parameters: Mapping[str, str] | None = None,
    prefix: str | None = None,
    seeds: tuple[str, ...] = (),
    seeds_file: Path | None = None,
    engine: str = "native",
    jobs: int | None = None,
) -> Loaded:
    """Compile or read it. A store is started only for code, which uploads while it compiles."""
    settings = current_settings(jobs=jobs)
    parts = Parts(settings, say)
    if needs_compiling(pipeline):
        say(f"compiling {pipeline}")
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
    )
    return Loaded(parts, compiled, wishes)


def _here(seeds: Path) -> Path | None:
    return seeds if seeds.is_file() else None
