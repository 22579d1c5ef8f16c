"""A pipeline as its definition, wherever it came from; and the reading of those that are compiled already."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from seatrial.errors import RefusedError
from seatrial.ports.functions import FunctionCode
from seatrial.ports.storage import S3Uri
from seatrial.records.functions import read_functions
from seatrial.sessions.targets import DEFINITION_FILE, Target

SEEDS_FILE = "seeds.toml"
INDEX_FILE = "compiled.json"


@dataclass(frozen=True)
class CompiledPipeline:
    """What CreatePipeline would receive, and what else a run needs.

    `uploads` are the objects that compiling put into the store. `source` is what the user named.
    `seeds` is the seeds.toml that lies beside it, if one does. `max_parallel_steps` is what its code
    configured (`pipeline.upsert(…, parallelism_config=…)`), `functions` what it created in Lambda.
    """

    name: str
    definition_text: str
    source: str
    uploads: tuple[S3Uri, ...] = ()
    seeds: Path | None = None
    max_parallel_steps: int | None = None
    functions: tuple[FunctionCode, ...] = ()


def read_definition(target: Target) -> CompiledPipeline:
    """A definition's file; whether it is one, `definition` says."""
    path = target.path
    return CompiledPipeline(
        name=_name_after(path), definition_text=_read(path), source=str(target), seeds=seeds_beside(path)
    )


def read_folder(target: Target) -> CompiledPipeline:
    """What `seatrial compile` wrote."""
    definition = target.path / DEFINITION_FILE
    index = target.path / INDEX_FILE
    name, limit = _indexed(index) if index.is_file() else (_name_after(definition), None)
    return CompiledPipeline(
        name=name,
        definition_text=_read(definition),
        source=str(target),
        seeds=seeds_beside(definition),
        max_parallel_steps=limit,
        functions=read_functions(target.path),
    )


def _indexed(index: Path) -> tuple[str, int | None]:
    try:
        document = json.loads(_read(index))
        limit = document.get("max_parallel_steps")
        return str(document["name"]), None if limit is None else int(limit)
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise RefusedError(
            f"{index} does not tell the pipeline's name",
            slug="not-a-compiled-folder",
            where=str(index),
            hint="compile again, or remove the file: the folder's name is then the pipeline's",
        ) from broken


def seeds_beside(path: Path) -> Path | None:
    """The seeds.toml in the folder of `path`."""
    seeds = path.parent / SEEDS_FILE
    return seeds if seeds.is_file() else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise RefusedError(
            f"{path} cannot be read: {unreadable}",
            slug="unreadable-definition",
            where=str(path),
            hint="a definition is a JSON file in UTF-8",
        ) from unreadable


def _name_after(path: Path) -> str:
    """A name for a definition, which holds none: its file's, or its folder's if that says nothing."""
    stem = path.stem if path.name != DEFINITION_FILE else path.resolve().parent.name
    return re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-") or "pipeline"
