"""Reads that are text and not references, and lie where another step writes; says nothing of the order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from seatrial.dataflow.flow import Plan
from seatrial.dataflow.places import Relation, relation
from seatrial.dataflow.reads import Read
from seatrial.definition import Json, references
from seatrial.outputs import DeclaredOutput, text_of

_WHAT = {"same": "names the place of", "under": "names a place inside", "above": "names a place around"}


@dataclass(frozen=True)
class LiteralRead:
    """A place that a step names in text, another step's output there, and how the one lies to the other."""

    read: Read
    output: DeclaredOutput
    how: Relation
    place: str

    @property
    def what(self) -> str:
        """`Train names the place of Prep.train in 'train'`."""
        label = f"{self.output.step}.{self.output.name}"
        return f"{self.read.step} {_WHAT[self.how]} {label} in {self.read.name!r}"


def literal_reads(plan: Plan) -> Iterator[LiteralRead]:
    """Every such pair whose steps may run in one execution, in the document's order."""
    index = _Places(plan.places)
    for read in plan.reads:
        if is_literal(read.location):
            place = text_of(read.location, plan.known).text
            for output, written in index.meeting(place):
                how = _relation(place, written, read, output)
                if how and read.step != output.step and not plan.exclusive(output.step, read.step):
                    yield LiteralRead(read, output, how, place)


class _Places:
    """Finds the outputs whose places are not apart from another: of very many there are few."""

    def __init__(self, placed: Sequence[tuple[DeclaredOutput, str]]) -> None:
        self._placed = placed
        self._at: dict[str, list[int]] = {}
        for index, (_, place) in enumerate(placed):
            self._at.setdefault(place.rstrip("/"), []).append(index)
        self._sorted = sorted(self._at)

    def meeting(self, place: str) -> Iterator[tuple[DeclaredOutput, str]]:
        """The same, those around it and those inside it, in the document's order."""
        above = place.rstrip("/")
        inside = f"{above}/"
        found = list(self._at.get(above, ()))
        for other in islice(self._sorted, bisect_left(self._sorted, inside), None):
            if not other.startswith(inside):
                break
            found += self._at[other]
        while above := above.rpartition("/")[0]:
            found += self._at.get(above, ())
        return (self._placed[index] for index in sorted(found))


def is_literal(location: Json) -> bool:
    """Whether no step has a say in it; parameters may have."""
    return all(reference.kind not in ("step", "property-file") for reference in references(location))


def _relation(place: str, written: str, read: Read, output: DeclaredOutput) -> Relation | None:
    how = relation(place, written)
    if how == "above" and (read.kind == "mention" or read.one_object):
        return None  # a base handed to a script, or a manifest's own key, says nothing of what lies beneath
    if output.per_job and how == "under":
        return None  # a training job writes beneath its own name, which no text can know
    if how == "same" and _is_bucket(place):
        return None  # SDK sessions write to the bucket's root and read code from beneath it
    return how


def _is_bucket(place: str) -> bool:
    return "/" not in place.removeprefix("s3://").rstrip("/")
