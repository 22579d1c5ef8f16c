"""Where the objects under an S3 prefix land on disk; knows keys and relative paths, no store and no disk.

The rules, with `p` for the prefix: every key that *starts with* `p` counts (no slash implied). Where `p`
ends in a slash, keys lose `p`. Otherwise keys under `p/` lose `p/`, and a key that matches only in part
keeps what follows the last slash of `p`: `data/train` gives `train-1.csv` for `data/train-1.csv`. An
object at `p` itself becomes its base name. An empty object whose key ends in a slash is a folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seatrial.ports.storage import StoredObject


class KeyClashError(ValueError):
    """The keys under a prefix cannot all become files; the text names the two."""


class UnsafeKeyError(ValueError):
    """A key would leave the folder of its input, or cannot be a file name."""


@dataclass(frozen=True)
class Placement:
    """One object and its path relative to the input's folder (empty for it); `folder` for a folder key.

    The path is plain text: of many small objects, making paths takes longer than linking files.
    """

    source: StoredObject
    path: str
    folder: bool = False


def place(prefix: str, objects: Sequence[StoredObject]) -> list[Placement]:
    """The path of each object; every object must have been listed under `prefix`."""
    placements = [_place_one(prefix, item) for item in objects]
    _refuse_clashes(placements)
    return placements


def relative_name(prefix: str, key: str) -> str:
    """What a key that starts with `prefix` is called inside the input's folder."""
    if key.startswith(folder := prefix if not prefix or prefix.endswith("/") else prefix + "/"):
        return key[len(folder) :]
    return key[prefix.rfind("/") + 1 :]


def _place_one(prefix: str, item: StoredObject) -> Placement:
    name = relative_name(prefix, item.key)
    folder = name == "" or name.endswith("/")
    if folder and item.size:
        raise UnsafeKeyError(f"{item.uri} holds {item.size} bytes, but its key is the name of a folder")
    return Placement(item, _safe_path(item, name), folder)


def _safe_path(item: StoredObject, name: str) -> str:
    # `a//b` and a leading slash would otherwise be absolute or ambiguous: empty parts do not count.
    parts = [part for part in name.split("/") if part]
    if "\0" in name or "." in parts or ".." in parts:
        raise UnsafeKeyError(f"the key of {item.uri!r} cannot be a path below the input's folder")
    return "/".join(parts)


def _refuse_clashes(placements: Sequence[Placement]) -> None:
    files: dict[str, Placement] = {}
    for placement in placements:
        if placement.folder:
            continue
        if placement.path in files:
            raise KeyClashError(_clash(files[placement.path], placement))
        files[placement.path] = placement
    for placement in placements:
        for path in _folders(placement):
            if path in files:
                raise KeyClashError(_clash(files[path], placement))


def _folders(placement: Placement) -> Iterator[str]:
    """Every folder that the placement needs below the input's own."""
    path = placement.path if placement.folder else placement.path.rpartition("/")[0]
    while path:
        yield path
        path = path.rpartition("/")[0]


def _clash(first: Placement, second: Placement) -> str:
    return f"{first.source.uri} and {second.source.uri}"
