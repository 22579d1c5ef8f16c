"""Differences between engines whose cause is known; each is one function, and one line in `KNOWN_CAUSES`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from seatrial.outputs.contents import Contents
from seatrial.outputs.sides import Difference, DifferenceKind, Held, Pair, Side
from seatrial.ports.jobs import ArchiveMember

LOCAL_MODE = "local-mode"
OWN_NAMES = "only the execution's own id, prefix and job names differ in it"
PACKED_WHOLE = "SageMaker's local mode packs all of /opt/ml/output, the service only /opt/ml/output/data"


@dataclass(frozen=True)
class Explained:
    """What of a pair is excepted, and what of it is a difference all the same."""

    excepted: tuple[Difference, ...] = ()
    differences: tuple[Difference, ...] = ()


Cause = Callable[[Pair, Side, Side, Contents], "Explained | None"]
"""Explains a pair, or leaves it to the comparison (None)."""


def members_of(held: Held, contents: Contents) -> Mapping[str, ArchiveMember] | None:
    """By name, what is in the archive: as its receipt has it, else from the archive itself.

    A name that is there more than once is counted: in their order, as the last one is what unpacking leaves.
    """
    members = held.members or contents.members(held.stored)
    return None if members is None else _by_name(members)


def _by_name(members: Iterable[ArchiveMember]) -> Mapping[str, ArchiveMember]:
    found: dict[str, ArchiveMember] = {}
    for member in members:
        name = shown = member.name.removeprefix("./")
        count = 1
        while shown in found:
            count += 1
            shown = f"{name} ({count})"
        found[shown] = replace(member, name=shown)
    return found


def member_in_words(member: ArchiveMember | None) -> str | None:
    """What it is, in short: a file's size and digest, a link's kind and target."""
    if member is None:
        return None
    content = f"{member.size} bytes, SHA-256 {member.sha256}"
    if member.kind == "file":
        return content
    link = f"{member.kind} to {member.target}" if member.target else member.kind
    return f"{link}, {content}" if member.sha256 else link


def packed_by_local_mode(pair: Pair, first: Side, second: Side, contents: Contents) -> Explained | None:
    """Its `output.tar.gz` holds more; what the other engine packed must be in it, beneath `data/`."""
    local_first = LOCAL_MODE in first.engines
    if pair.key != "output.tar.gz" or local_first == (LOCAL_MODE in second.engines):
        return None
    whole, plain = (pair.first, pair.second) if local_first else (pair.second, pair.first)
    if whole is None:
        return None  # local mode packed nothing at all: that is not how it is known to differ
    if plain is None:
        return _excepted(pair, "only-in-first" if local_first else "only-in-second", PACKED_WHOLE)
    inside, wanted = members_of(whole, contents), members_of(plain, contents)
    if inside is None or wanted is None:
        return _excepted(pair, "content", f"{PACKED_WHOLE}; what is in them is not known")
    lacking = tuple(_lacking(pair, wanted, inside, whole_first=local_first))
    if lacking:
        return Explained(differences=lacking)
    return _excepted(pair, "content", f"{PACKED_WHOLE}; all of that is in both, and equal")


def names_itself(pair: Pair, first: Side, second: Side, contents: Contents) -> Explained | None:
    """A text that differs in nothing but the execution's own id, prefix and job names."""
    if pair.first is None or pair.second is None or pair.first.place != pair.second.place:
        return None
    if pair.first.stored.etag == pair.second.stored.etag:
        return None
    one, other = contents.text(pair.first.stored), contents.text(pair.second.stored)
    if one is None or other is None or first.unnamed(one) != second.unnamed(other):
        return None
    return _excepted(pair, "content", OWN_NAMES)


KNOWN_CAUSES: tuple[Cause, ...] = (packed_by_local_mode, names_itself)


def _excepted(pair: Pair, kind: DifferenceKind, reason: str) -> Explained:
    return Explained((pair.difference(kind, _named(pair.first), _named(pair.second), reason=reason),))


def _named(held: Held | None) -> str | None:
    return f"{held.stored.size} bytes" if held else None


def _lacking(
    pair: Pair,
    wanted: Mapping[str, ArchiveMember],
    inside: Mapping[str, ArchiveMember],
    *,
    whole_first: bool,
) -> Iterator[Difference]:
    """Members of the plain archive that the whole one has not, or has otherwise."""
    for name, member in wanted.items():
        found = _beneath_data(name, inside)
        if found is not None and found.sha256 == member.sha256:
            continue
        sides = (member_in_words(found), member_in_words(member))
        kind: DifferenceKind = "content" if found else "only-in-second" if whole_first else "only-in-first"
        yield pair.difference(kind, *(sides if whole_first else sides[::-1]), member=name)


def _beneath_data(name: str, inside: Mapping[str, ArchiveMember]) -> ArchiveMember | None:
    ending = f"/data/{name}"
    return next((member for path, member in inside.items() if f"/{path}".endswith(ending)), None)
