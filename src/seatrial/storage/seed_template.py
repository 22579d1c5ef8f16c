"""Writes `seeds.toml` without touching what its user wrote; moves no data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seatrial.errors import RefusedError
from seatrial.ports.storage import S3Uri
from seatrial.storage.copying import partial_name
from seatrial.storage.seeds import entry_path, parse_toml, read_document

_HEAD = """\
# Local data for the inputs that a pipeline expects in S3.
# Each path is a folder or a file, relative to this file; remove the `#` before it once it is right.
"""
_PLACEHOLDER = '# path = "a folder or a file"'


@dataclass(frozen=True)
class WantedSeed:
    """An input to list: which steps read it, and the local data for it if there is any already."""

    uri: S3Uri
    readers: tuple[str, ...] = ()
    path: str | None = None


def write_seeds(path: Path, wanted: Sequence[WantedSeed]) -> list[S3Uri]:
    """Add an entry for each input that has none, fill in those that have no path; the URIs that changed.

    Entries that have a path, comments and the order of the file stay as they are.
    """
    document = read_document(path) if path.exists() else {}
    lines = (_text_of(path) if path.exists() else _HEAD).rstrip("\n").split("\n")
    changed = []
    for each in wanted:
        name = str(each.uri)
        if name not in document:
            lines += ["", *_entry(each)]
            document[name] = {"path": each.path} if each.path else {}
        elif each.path and not _has_path(document[name]):
            _fill(lines, name, each.path)
            document[name] = {"path": each.path}
        else:
            continue
        changed.append(each.uri)
    if changed:
        _replace(path, "\n".join(lines) + "\n")
    return changed


def _entry(wanted: WantedSeed) -> list[str]:
    readers = [f"# read by {_one_line(', '.join(wanted.readers))}"] if wanted.readers else []
    return [*readers, f"[{_quoted(str(wanted.uri))}]", _path_line(wanted.path)]


def _path_line(path: str | None) -> str:
    return f"path = {_quoted(path)}" if path else _PLACEHOLDER


def _has_path(entry: object) -> bool:
    try:
        return bool(entry_path(entry))
    except ValueError:
        return True  # not ours to mend: reading the file will say what is wrong


def _fill(lines: list[str], name: str, path: str) -> None:
    """Give the table its path, in the place of the placeholder, an empty path, or right beneath its name."""
    start = next((index for index, line in enumerate(lines) if _table_name(line) == name), None)
    if start is None:
        raise RefusedError(
            f"cannot fill in {name}: it is not written as a table of its own",
            slug="invalid-seeds",
            where=name,
            hint=f"write it as [{_quoted(name)}] on a line of its own, or give it a path by hand",
        )
    for index in range(start + 1, len(lines)):
        text = lines[index].strip()
        if _table_name(lines[index]) is not None:
            break
        if text == _PLACEHOLDER or text.replace(" ", "") in ('path=""', "path=''"):
            lines[index] = _path_line(path)
            return
    lines.insert(start + 1, _path_line(path))


def _table_name(line: str) -> str | None:
    """The name if the line opens a table."""
    if not line.lstrip().startswith("["):
        return None
    try:
        return next(iter(parse_toml(line)), None)
    except ValueError:
        return None


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes, and DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _text_of(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:  # the user's line ends stay as they are
        return file.read()


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = partial_name(path)
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
