"""How findings of single objects are put together: one for what lies together, with the first of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from seatrial.ports.observation import S3Call

_SHOWN = 5

Key = TypeVar("Key")


def by_folder(found: Iterable[tuple[Key, S3Call]]) -> Mapping[tuple[Key, str], Sequence[S3Call]]:
    """Calls of one kind whose objects begin with the same folder."""
    groups: dict[tuple[Key, str], list[S3Call]] = {}
    for kind, call in found:
        first, slash, _ = call.key.partition("/")
        groups.setdefault((kind, f"{call.bucket}/{first if slash else ''}"), []).append(call)
    return groups


def uris_of(calls: Sequence[S3Call]) -> list[str]:
    """Each object once, sorted."""
    return sorted({call.uri for call in calls})


def where_of(uris: Sequence[str]) -> str:
    """The object, or the folder in which all of them lie."""
    if len(uris) == 1:
        return uris[0]
    shortest, longest = min(uris), max(uris)
    same = next((i for i, (a, b) in enumerate(zip(shortest, longest, strict=False)) if a != b), len(shortest))
    return shortest[: shortest[:same].rfind("/") + 1]


def named(uris: Sequence[str]) -> str:
    """`s3://bucket/key`, or `12 objects beneath s3://bucket/folder/`."""
    return uris[0] if len(uris) == 1 else f"{len(uris)} objects beneath {where_of(uris)}"


def listed(uris: Sequence[str]) -> str:
    """The first of them."""
    more = f" and {len(uris) - _SHOWN} more" if len(uris) > _SHOWN else ""
    return ", ".join(uris[:_SHOWN]) + more
