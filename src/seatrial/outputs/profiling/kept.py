"""Profiles as JSON, beside the execution that they are of and in a cache by content; knows no store.

What cannot be read, of another version for one, counts as not there: it is made again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from seatrial.outputs.profiling.formats import format_of, is_packed
from seatrial.ports.contents import Contents, Earlier, FileProfile, Place, Profile, SchemaFailure
from seatrial.ports.storage import StoredObject

FILE_NAME = "contents.json"
SCHEMA_VERSION: Final = 1
READERS = 4
"""To be raised whenever files are read in another way: what is in the cache was read in the old one."""


@dataclass(frozen=True)
class _Entry:
    step: str
    name: str
    profile: Profile
    earlier: Earlier | None = None
    failures: tuple[SchemaFailure, ...] = ()


@dataclass(frozen=True)
class _File:
    schema_version: Literal[1]
    outputs: tuple[_Entry, ...]
    inputs: tuple[_Entry, ...]
    note: str | None = None


def save_contents(contents: Contents, folder: Path) -> None:
    """Write them into the execution's folder."""
    file = _File(
        SCHEMA_VERSION,
        _entries(contents.outputs, contents),
        _entries(contents.inputs, contents),
        contents.note,
    )
    _write(folder / FILE_NAME, json.dumps(asdict(file)))


def load_contents(folder: Path) -> Contents | None:
    """What was kept; None where nothing is that this version understands."""
    text = _text_of(folder / FILE_NAME)
    try:
        file = _contents_reader().validate_json(text or "")
    except ValidationError:
        return None
    every = (*file.outputs, *file.inputs)
    return Contents(
        {(entry.step, entry.name): entry.profile for entry in file.outputs},
        {(entry.step, entry.name): entry.profile for entry in file.inputs},
        {(entry.step, entry.name): entry.earlier for entry in file.outputs if entry.earlier},
        {(entry.step, entry.name): entry.failures for entry in every if entry.failures},
        file.note,
    )


class ProfileCache:
    """What files were found to hold, by their content: ETag, size, and what the name promises."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / f"v{SCHEMA_VERSION}-{READERS}"

    def find(self, stored: StoredObject, most: int, header: bool | None) -> tuple[FileProfile | None] | None:
        """What is known of the object, which may be that it is no table; None where nothing is known."""
        for limit in (None, most):
            text = _text_of(self._file(stored, limit, header))
            if text is not None:
                return self._read(text)
        return None

    def keep(self, stored: StoredObject, most: int, header: bool | None, found: FileProfile | None) -> None:
        """Remember it, unless it only says that nobody looked."""
        if found is None or found.unseen is None:
            whole = found is None or found.total is not None
            with suppress(OSError):  # a full disk: it is looked into again
                text = json.dumps(found and asdict(found))
                _write(self._file(stored, None if whole else most, header), text)

    def _read(self, text: str) -> tuple[FileProfile | None] | None:
        try:
            return (_profile_reader().validate_json(text),)
        except ValidationError:
            return None

    def _file(self, stored: StoredObject, limit: int | None, header: bool | None) -> Path:
        identity = [stored.etag, stored.size, format_of(stored.key), is_packed(stored.key), limit, header]
        name = hashlib.sha256(json.dumps(identity).encode()).hexdigest()
        return self._folder / name[:2] / f"{name[2:]}.json"


@cache
def _profile_reader() -> TypeAdapter[FileProfile | None]:
    """Making one takes far longer than reading a profile with it."""
    return TypeAdapter(FileProfile | None)


@cache
def _contents_reader() -> TypeAdapter[_File]:
    return TypeAdapter(_File)


def _entries(profiles: Mapping[Place, Profile], contents: Contents) -> tuple[_Entry, ...]:
    return tuple(
        _Entry(*place, profile, contents.earlier.get(place), contents.failures.get(place, ()))
        for place, profile in profiles.items()
    )


def _text_of(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    half_written = file.with_name(f".{file.name}.{secrets.token_hex(6)}")  # other processes write it as well
    half_written.write_text(text, encoding="utf-8")
    half_written.replace(file)
