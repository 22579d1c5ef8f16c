"""One folder out of those that the hosts of a job left under one path; opens nothing.

The service puts them together as well, and leaves it to the job that no two hosts use one name. Which of two
files it keeps is written down nowhere: here it is the one that was written last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seatrial.engines.locations import staged
from seatrial.engines.native.trees import Entry, walk


@dataclass(frozen=True)
class Merged:
    """Every file and folder, by name; `clashes` are the names that several hosts used for other content."""

    entries: tuple[Entry, ...]
    clashes: tuple[str, ...] = ()


def merge(trees: Sequence[Path], container_path: str) -> Merged:
    """What the trees have under the path; of one tree exactly what it has."""
    found = [list(walk(tree, staged(tree, container_path))) for tree in trees]
    if len(found) == 1:
        return Merged(tuple(found[0]))
    kept: dict[str, Entry] = {}
    clashes = set[str]()
    for entry in (entry for entries in found for entry in entries):
        other = kept.setdefault(entry.name, entry)
        if other is entry:
            continue
        if _differ(entry, other):
            clashes.add(entry.name)
        kept[entry.name] = max(entry, other, key=lambda each: (not each.is_file, each.modified_ns))
    # A file cannot lie where another host has a folder: what is in the folder would have no place.
    return Merged(tuple(kept[name] for name in sorted(kept, key=_parts)), tuple(sorted(clashes)))


def _differ(one: Entry, other: Entry) -> bool:
    """Whether it matters which of two is kept; what was brought in unchanged is the same on all hosts."""
    if not one.is_file and not other.is_file:
        return False
    return (one.is_file, one.size, one.modified_ns) != (other.is_file, other.size, other.modified_ns)


def _parts(name: str) -> list[str]:
    """Depth first, as a single tree is walked."""
    return name.split("/")
