"""Files that one run left and the other not, or otherwise: keys beneath each output, and contents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from seatrial.dataflow.places import within
from seatrial.dataflow.portability.contents import WHOLE, look_closer
from seatrial.dataflow.portability.voyage import Voyage
from seatrial.outputs import Agreement, Contents, Difference, agreement_of
from seatrial.outputs.sides import Pair, pairs_of

OWN_NAMES = "only what names the run itself differs in it, or times in an archive"
NEW_NAMES = "its name holds a time or a random id, which each run makes anew"
_MADE_ANEW = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\d(?:[T_ -]\d\d[:_-]?\d\d(?:[:_-]?\d\d)?)?|\d{8,}|[0-9a-f]{16,}",
    re.IGNORECASE,
)

Place = tuple[str, str]


@dataclass(frozen=True)
class Files:
    """What differs, by step and output; `excepted` for a reason that is no fault of the pipeline's."""

    agreement: Agreement
    missing: tuple[Difference, ...]
    contents: tuple[Difference, ...]
    excepted: tuple[Difference, ...]

    def without(self, unsteady: Files, reason: str) -> Files:
        """The same, excepted what differs between two other runs as well.

        Of an output whose names differ there, no name tells anything.
        """
        contents = {_place(each) for each in unsteady.contents}
        outputs = {_place(each)[:2] for each in unsteady.missing}
        gone = [each for each in self.missing if _place(each)[:2] in outputs]
        other = [each for each in self.contents if _place(each) in contents]
        return replace(
            self,
            missing=tuple(each for each in self.missing if each not in gone),
            contents=tuple(each for each in self.contents if each not in other),
            excepted=(*self.excepted, *(replace(each, reason=reason) for each in (*gone, *other))),
        )


def files_compared(first: Voyage, second: Voyage, contents: Contents) -> Files:
    """Every file of steps that came through in both; a closer look where contents differ."""
    agreement = agreement_of(first.side, second.side, contents)
    pairs = {(pair.step, pair.output, pair.key): pair for pair in pairs_of(first.side, second.side)}
    missing: list[Difference] = []
    differing: list[Difference] = []
    excepted = list(agreement.excepted)
    seen: set[tuple[str, str, str]] = set()
    for each in agreement.differences:
        if each.step is None or each.output is None or each.key is None:
            continue
        if not (first.ran_well(each.step) and second.ran_well(each.step)):
            continue
        pair = pairs[each.step, each.output, each.key]
        if pair.first is None or pair.second is None:
            missing.append(each)
        elif each.kind == "place":
            if within(pair.second.stored.uri, str(second.prefix)):
                missing.append(each)
        elif (place := (pair.step, pair.output, pair.key)) not in seen:
            seen.add(place)
            found = _looked_at(first, second, pair, each)
            (excepted if found.reason else differing).append(found)
    left, renamed = _renamed(missing)
    return Files(agreement, tuple(left), tuple(differing), (*excepted, *renamed))


def _looked_at(first: Voyage, second: Voyage, pair: Pair, seen: Difference) -> Difference:
    if pair.first is None or pair.second is None:
        return seen
    look = look_closer(first, pair.first.stored, second, pair.second.stored)
    whole = replace(seen, member=None, reason=None)
    if look.same:
        return replace(whole, reason=OWN_NAMES)
    inside = [name for name in look.differing or () if name != WHOLE]
    return replace(whole, member=", ".join(inside[:3]) or None) if look.differing else seen


def _renamed(missing: Iterable[Difference]) -> tuple[list[Difference], list[Difference]]:
    """Apart from the others: files that stand for each other, told apart by what each run makes anew."""
    waiting: dict[tuple[str | None, ...], list[Difference]] = {}
    left: list[Difference] = []
    renamed: list[Difference] = []
    for each in missing:
        if each.kind == "only-in-first":
            waiting.setdefault(_place(each), []).append(each)
    for each in missing:
        partners = waiting.get(_place(each), [])
        if each.kind == "only-in-second" and partners:
            partner = partners.pop(0)
            renamed.append(replace(partner, second=each.second, member=each.key, reason=NEW_NAMES))
        elif each.kind != "only-in-first":
            left.append(each)
    return [*(each for group in waiting.values() for each in group), *left], renamed


def _place(each: Difference) -> tuple[str | None, ...]:
    return each.step, each.output, _MADE_ANEW.sub("#", each.key or "")


def by_output(differences: Iterable[Difference]) -> Iterator[tuple[Place, list[Difference]]]:
    """What differs, output by output."""
    groups: dict[Place, list[Difference]] = {}
    for each in differences:
        if each.step is not None and each.output is not None:
            groups.setdefault((each.step, each.output), []).append(each)
    yield from groups.items()
