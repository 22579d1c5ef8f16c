"""One folder out of those that the hosts of a job left under one path; opens nothing.

The service puts them together as well, and leaves it to the job that no two hosts use one name. Which of two
files it keeps is written down nowhere: here it is the one that was written last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seatrial.engines.locations import staged
from seatrial.engines.native.trees import Entry, walk


@dataclass(frozen=True)
class Merged:
    """Every file and folder, by name; `clashes` are the names that several hosts used for other content."""

    entries: tuple[Entry, ...]
    clashes: tuple[str, ...] = ()


BroughtIn = Mapping[str, tuple[int, int]]
"""Size and time of each file that was there before the container, by its path in there."""


def merge(trees: Sequence[Path], container_path: str, brought_in: Sequence[BroughtIn] = ()) -> Merged:
    """What the trees have under the path; of one tree exactly what it has.

    What a host left as it was `brought_in` gives way to what another made of it.
    """
    found = [list(walk(tree, staged(tree, container_path))) for tree in trees]
    if len(found) == 1:
        return Merged(tuple(found[0]))
    kept: dict[str, tuple[Entry, bool]] = {}
    clashes = set[str]()
    for entries, before in zip(found, brought_in or [{}] * len(found), strict=True):
        for entry in entries:
            candidate = (entry, before.get(f"{container_path}/{entry.name}") != _stamp(entry))
            other = kept.setdefault(entry.name, candidate)
            if other is not candidate:
                if _clash(candidate, other):
                    clashes.add(entry.name)
                kept[entry.name] = max(candidate, other, key=_rank)
    merged = (kept[name][0] for name in sorted(kept, key=_parts))
    return Merged(tuple(merged), tuple(sorted(clashes)))


def _rank(candidate: tuple[Entry, bool]) -> tuple[bool, bool, int]:
    """A file cannot lie where another host has a folder: what is in the folder would have no place."""
    entry, written = candidate
    return not entry.is_file, written, entry.modified_ns


def _clash(one: tuple[Entry, bool], other: tuple[Entry, bool]) -> bool:
    """Whether both hosts wrote it, and it matters which of the two is kept."""
    (entry, written), (another, written_too) = one, other
    if not (written and written_too) or not (entry.is_file or another.is_file):
        return False
    return (entry.is_file, _stamp(entry)) != (another.is_file, _stamp(another))


def _stamp(entry: Entry) -> tuple[int, int]:
    return entry.size, entry.modified_ns


def _parts(name: str) -> list[str]:
    """Depth first, as a single tree is walked."""
    return name.split("/")
