"""Writes seeds.toml: for each external input a folder, a file, or a sample of real S3."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seatrial.app.parts import Parts, Say
from seatrial.app.substitution import chosen_substitutes, inputs_left, steps_at_work
from seatrial.app.wishes import Wishes
from seatrial.dataflow import ExternalInput, external_inputs
from seatrial.definition import PipelineDefinition, bind_parameters, parse
from seatrial.execution import PREFIX_PARAMETER
from seatrial.ports.storage import S3Uri
from seatrial.storage import WantedSeed, parse_seed, read_seeds, sample, write_seeds


@dataclass(frozen=True)
class Limits:
    """How much of an input a sample takes at most."""

    max_objects: int
    max_bytes: int


def write(
    wishes: Wishes,
    file: Path,
    given: Sequence[str],
    limits: Limits | None,
    say: Say,
    *,
    brought: Collection[S3Uri] = (),
    parts: Parts | None = None,
) -> list[str]:
    """Write or complete the file; the inputs that are still to be filled in.

    What compiling itself brings (`brought`: the scripts) needs no seed, and neither does what only steps
    read that have a substitute in the settings of `parts`.
    """
    definition = parse(wishes.definition_text, source=wishes.source)
    inputs = _inputs(definition, wishes.overrides())
    if parts is not None:
        replaced = chosen_substitutes(parts, wishes, definition).by_step
        inputs = list(inputs_left(inputs, steps_at_work(definition.all_steps(), replaced), replaced))
    seeds = {seed.uri: _relative(seed.path, file) for seed in map(parse_seed, given)}
    places = [(uri, found.readers) for found in inputs for uri in _uri(found) if uri not in brought]
    wanted = [WantedSeed(uri, readers, seeds.pop(uri, None)) for uri, readers in places]
    write_seeds(file, [*wanted, *(WantedSeed(uri, path=path) for uri, path in seeds.items())])
    if limits:
        _sample_open(file, limits, say)
    return [str(uri) for uri in read_seeds(file).unfilled] if file.exists() else []


def _inputs(definition: PipelineDefinition, overrides: Mapping[str, str]) -> list[ExternalInput]:
    """The external inputs; without a prefix given, what lies under it has no place before the run."""
    if definition.parameter(PREFIX_PARAMETER) is None or PREFIX_PARAMETER in overrides:
        return external_inputs(definition, bind_parameters(definition, overrides))
    bound = dict(bind_parameters(definition, {**overrides, PREFIX_PARAMETER: "s3://not-known-yet"}))
    del bound[PREFIX_PARAMETER]
    return external_inputs(definition, bound)


def _uri(found: ExternalInput) -> list[S3Uri]:
    """Where it lies, if that can be said before the run and is in S3."""
    return [S3Uri.parse(found.uri)] if found.uri and found.uri.startswith("s3://") else []


def _sample_open(file: Path, limits: Limits, say: Say) -> None:
    for uri in read_seeds(file).unfilled:
        folder = (
            file.parent / "seeds" / re.sub(r"[^A-Za-z0-9._-]+", "-", f"{uri.bucket}-{uri.key}").strip("-")
        )
        say(f"taking a sample of {uri}")
        taken = sample(uri, folder, max_objects=limits.max_objects, max_bytes=limits.max_bytes)
        say(f"  {len(taken.files)} objects" + (", there is more" if taken.more else ", all there is"))
        write_seeds(file, [WantedSeed(uri, path=_relative(folder, file))])


def _relative(path: Path, file: Path) -> str:
    """The path as it stands in the file, which may be moved together with its data."""
    return os.path.relpath(path.resolve(), file.resolve().parent)
