"""Differences between engines whose cause is known; each is one function, and one line in `KNOWN_CAUSES`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from seatrial.outputs.contents import Contents
from seatrial.outputs.sides import Difference, DifferenceKind, Held, Pair, Side
from seatrial.ports.jobs import ArchiveMember

LOCAL_MODE = "local-mode"
DATA = "data/"
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
    """Its `output.tar.gz` holds more; of that, what is in `data/` must be what the other packed, exactly."""
    local_first = first.origin(pair.step).engine == LOCAL_MODE
    local_second = second.origin(pair.step).engine == LOCAL_MODE
    whole, plain = (pair.first, pair.second) if local_first else (pair.second, pair.first)
    if local_first == local_second or whole is None or not _is_packed_output(pair, whole):
        return None  # where local mode packed nothing at all, that is not how it is known to differ
    inside, wanted = members_of(whole, contents), members_of(plain, contents) if plain else {}
    if inside is None or wanted is None:
        return None  # of archives that cannot be looked into nothing is known
    found = dict(_beneath_data(inside))
    differing = tuple(_differing(pair, wanted, found, whole_first=local_first))
    if differing:
        return Explained(differences=differing)
    if plain is None:
        return _excepted(pair, "only-in-first" if local_first else "only-in-second", PACKED_WHOLE)
    return _excepted(pair, "content", f"{PACKED_WHOLE}; that is in both, and equal")


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


def _is_packed_output(pair: Pair, whole: Held) -> bool:
    """Whether it is what a training job left in /opt/ml/output; another job may well write that name.

    Those of a tuning job are `output`, `output-1`, ….
    """
    name = pair.output.partition("-")[0] if whole.step_type == "Tuning" else pair.output
    is_training = whole.step_type in ("Training", "Tuning")
    return is_training and (name, pair.key) == ("output", "output.tar.gz")


def _beneath_data(inside: Mapping[str, ArchiveMember]) -> Iterator[tuple[str, ArchiveMember]]:
    """What the whole archive has in its top folder `data`, as the plain one names it."""
    for path, member in inside.items():
        if path.startswith(DATA):
            name = path[len(DATA) :]
            yield name, replace(member, name=name, target=_target(member))


def _target(member: ArchiveMember) -> str | None:
    """Where it leads; a hard link names another member of its archive, and by the whole path."""
    if member.target is None or member.kind != "hard link":
        return member.target
    return member.target.removeprefix("./").removeprefix(DATA)


def _differing(
    pair: Pair,
    wanted: Mapping[str, ArchiveMember],
    found: Mapping[str, ArchiveMember],
    *,
    whole_first: bool,
) -> Iterator[Difference]:
    """Members that one of the two has not, or has otherwise."""
    for name in dict.fromkeys((*wanted, *found)):
        sides = (found.get(name), wanted.get(name))
        one, other = sides if whole_first else sides[::-1]
        if one != other:
            kind: DifferenceKind = (
                "content" if one and other else "only-in-first" if one else "only-in-second"
            )
            yield pair.difference(kind, member_in_words(one), member_in_words(other), member=name)
