"""Local data that stands for what a pipeline expects in S3: `seeds.toml` and `--seed`; moves nothing.

The file holds a table for each S3 prefix or object, its path relative to the file:

    ["s3://bucket/prefix/"]
    path = "data/folder"

`"s3://bucket/prefix/" = "data/folder"` at the top of the file means the same.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from seatrial.errors import RefusedError
from seatrial.ports.storage import S3Uri

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_SHAPE = '["s3://bucket/prefix"] with a line path = "folder-or-file" beneath it'


@dataclass(frozen=True)
class Seed:
    """A local folder or file, and the S3 prefix or object that it becomes; `where` is who said so."""

    uri: S3Uri
    path: Path
    where: str


@dataclass(frozen=True)
class SeedFile:
    """What a seeds file says; `unfilled` are entries that have no path yet."""

    seeds: tuple[Seed, ...]
    unfilled: tuple[S3Uri, ...]


def parse_seed(text: str, *, base: Path | None = None) -> Seed:
    """Read `s3://bucket/prefix=./folder`, relative to `base` (by default the current folder).

    A key may hold `=` (`date=2024-01-01/`), and so may a path: the first `=` with something that exists
    behind it is the one.
    """
    uri, separator, path = text.partition("=")
    while separator:
        found = _located(path, base or Path.cwd())
        if path and found.exists():
            return Seed(_parsed(uri, f"--seed {text}"), found, "--seed")
        more, separator, path = path.partition("=")
        uri = f"{uri}={more}"
    raise RefusedError(
        f"cannot read --seed {text!r}: no folder or file that exists behind an `=`",
        slug="invalid-seed",
        where=f"--seed {text}",
        hint="write it as --seed s3://bucket/prefix=./folder-or-file",
    )


def read_seeds(path: Path) -> SeedFile:
    """Read a seeds file; everything that is wrong with it is said at once."""
    seeds, unfilled, problems = [], [], []
    for name, entry in read_document(path).items():
        try:
            uri, local = _parsed(name, name), entry_path(entry)
        except ValueError as problem:
            problems.append(f"{name}: {problem}")
            continue
        except RefusedError as problem:
            problems.append(problem.message)
            continue
        if not local:
            unfilled.append(uri)
        elif not (found := _located(local, path.parent)).exists():
            problems.append(f"{name}: there is no {local}")
        else:
            seeds.append(Seed(uri, found, str(path)))
    if problems:
        raise RefusedError(
            f"{path}: " + "; ".join(problems),
            slug="invalid-seeds",
            where=str(path),
            hint=f"each entry is {_SHAPE}; paths are relative to the file",
        )
    return SeedFile(tuple(seeds), tuple(unfilled))


def read_document(path: Path) -> dict[str, object]:
    """The TOML document; it must exist and be TOML."""
    try:
        return parse_toml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise RefusedError(
            f"there is no {path}",
            slug="missing-seeds",
            where=str(path),
            hint="`seatrial seed PIPELINE` writes it, with an entry for each input to fill in",
        ) from missing
    except (ValueError, OSError) as broken:
        raise RefusedError(
            f"{path} cannot be read: {broken}",
            slug="invalid-seeds",
            where=str(path),
            hint=f"each entry is {_SHAPE}",
        ) from broken


def parse_toml(text: str) -> dict[str, object]:
    """The document; a ValueError says where it is not TOML."""
    document: dict[str, object] = tomllib.loads(text)
    return document


def entry_path(entry: object) -> str:
    """The path that an entry gives, empty if it gives none yet; ValueError if it is no entry."""
    if isinstance(entry, dict):
        unknown = sorted(set(entry) - {"path"})
        if unknown:
            raise ValueError(f"unknown {', '.join(unknown)} (expected only `path`)")
        entry = entry.get("path", "")
    if not isinstance(entry, str):
        raise ValueError(f"expected {_SHAPE}")
    return entry


def _parsed(text: str, where: str) -> S3Uri:
    try:
        return S3Uri.parse(text)
    except ValueError as problem:
        raise RefusedError(
            str(problem), slug="invalid-seed", where=where, hint="write it as s3://bucket/prefix"
        ) from problem


def _located(path: str, base: Path) -> Path:
    return base / Path(path).expanduser()
