"""Whether two executions ended the same and wrote the same; nothing else that they did is compared.

ETag and size tell of plain objects, the digests of files and the targets of links of archives: two archives
of the same files are rarely the same bytes. Must not know how an execution ran.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.outputs.contents import Contents, UnknownContents
from seatrial.outputs.known_causes import KNOWN_CAUSES, Explained, member_in_words, members_of
from seatrial.outputs.reasons import failures
from seatrial.outputs.sides import Difference, DifferenceKind, Held, Pair, Side, pairs_of
from seatrial.outputs.steps_compared import all_steps, endings, is_compared, not_run, undecided
from seatrial.ports.jobs import ArchiveMember
from seatrial.ports.storage import StoredObject

ARCHIVE = ".tar.gz"


@dataclass(frozen=True)
class Agreement:
    """What was compared, and what was found.

    `steps` and `objects` count what either has, without steps that one of them took from an earlier
    execution. `excepted` are differences with a known cause that is no fault of either execution.
    `undecided` says why too little was compared to call it agreement.
    """

    first: Side
    second: Side
    steps: int
    objects: int
    differences: tuple[Difference, ...]
    excepted: tuple[Difference, ...]
    undecided: str | None = None

    @property
    def agree(self) -> bool:
        """Whether nothing differs that should not, of what both really ran."""
        return not self.differences and self.undecided is None


def agreement_of(first: Side, second: Side, contents: Contents | None = None) -> Agreement:
    """Compare every object that either registered, how both ended, and how and why their steps did."""
    looking = contents or UnknownContents()
    pairs = list(pairs_of(first, second))
    found = [_explained(pair, first, second, looking) for pair in pairs]
    failed = failures(first, second)
    return Agreement(
        first,
        second,
        steps=sum(is_compared(step, first, second) for step in all_steps(first, second)),
        objects=sum(is_compared(pair.step, first, second) for pair in pairs),
        differences=(
            *endings(first, second),
            *failed.differences,
            *(each for one in found for each in one.differences),
        ),
        excepted=(
            *not_run(first, second),
            *failed.excepted,
            *(each for one in found for each in one.excepted),
        ),
        undecided=undecided(first, second),
    )


def _explained(pair: Pair, first: Side, second: Side, contents: Contents) -> Explained:
    for cause in KNOWN_CAUSES:
        explained = cause(pair, first, second, contents)
        if explained is not None:
            return explained
    return Explained(differences=tuple(_compared(pair, contents)))


def _compared(pair: Pair, contents: Contents) -> Iterator[Difference]:
    if pair.first is None or pair.second is None:
        yield pair.difference(_only(pair.first), _in_words(pair.first), _in_words(pair.second))
        return
    if pair.first.place != pair.second.place:
        yield pair.difference("place", pair.first.place, pair.second.place)
    one, other = pair.first.stored, pair.second.stored
    if (one.size, one.etag) == (other.size, other.etag):
        return
    if pair.key.endswith(ARCHIVE):
        yield from _archives(pair, pair.first, pair.second, contents)
    else:
        yield from _plain(pair, one, other, contents)


def _plain(pair: Pair, one: StoredObject, other: StoredObject, contents: Contents) -> Iterator[Difference]:
    first, second = _in_words(pair.first), _in_words(pair.second)
    # An ETag with a hyphen depends on how the object was cut for its upload.
    if one.size != other.size or not ("-" in one.etag or "-" in other.etag):
        yield pair.difference("content", first, second)
        return
    left, right = contents.digest(one), contents.digest(other)
    if left is None or right is None:
        why = "ETags of uploads in parts tell nothing, and the objects cannot be read any more"
        yield pair.difference("content", first, second, reason=why)
    elif left != right:
        yield pair.difference("content", f"SHA-256 {left}", f"SHA-256 {right}")


def _archives(pair: Pair, first: Held, second: Held, contents: Contents) -> Iterator[Difference]:
    ours, theirs = members_of(first, contents), members_of(second, contents)
    if ours is None or theirs is None:
        yield from _not_opened(pair, first, second, contents)
        return
    for name in dict.fromkeys((*ours, *theirs)):
        one, other = ours.get(name), theirs.get(name)
        if one != other:
            kind: DifferenceKind = "content" if one and other else _only(one)
            yield pair.difference(kind, member_in_words(one), member_in_words(other), member=name)


def _not_opened(pair: Pair, first: Held, second: Held, contents: Contents) -> Iterator[Difference]:
    """Of two that are no archives whatever they are called, the bytes tell."""
    left, right = contents.digest(first.stored), contents.digest(second.stored)
    if left is None or right is None:
        why = "what is in them is not known: not both can still be read as they were written"
        yield pair.difference("content", _in_words(first), _in_words(second), reason=why)
    elif left != right:
        why = "not both are archives that can be opened, whatever the name says"
        yield pair.difference("content", f"SHA-256 {left}", f"SHA-256 {right}", reason=why)


def _only(first: Held | ArchiveMember | None) -> DifferenceKind:
    return "only-in-second" if first is None else "only-in-first"


def _in_words(held: Held | None) -> str | None:
    return f"{held.stored.size} bytes, ETag {held.stored.etag}" if held else None
