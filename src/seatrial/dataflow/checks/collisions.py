"""Outputs that are written to one place, or one inside the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow, Plan
from seatrial.dataflow.places import relation
from seatrial.outputs import DeclaredOutput
from seatrial.ports.findings import Finding, Severity

Placed = tuple[DeclaredOutput, str]


def planned_collisions(plan: Plan) -> Iterator[Finding]:
    """Pairs of outputs whose places are not apart, as far as parameters decide them."""
    yield from _collisions(plan, [(output, _folder(output, place)) for output, place in plan.places])


def observed_collisions(flow: Flow) -> Iterator[Finding]:
    """The same for the places where outputs were really written."""
    infos = (
        (output, flow.registry.get_step_output_info(output.step, output.name)) for output in flow.plan.outputs
    )
    yield from _collisions(flow.plan, [(output, info.s3_uri) for output, info in infos if info is not None])


def _folder(output: DeclaredOutput, base: str) -> str:
    # A training job writes beneath a folder of its own name, so jobs that share the path do not meet.
    return f"{base.rstrip('/')}/{{job of {output.step}}}" if output.per_job else base


def _collisions(plan: Plan, placed: list[Placed]) -> Iterator[Finding]:
    for (one, place), (other, other_place) in _meeting(placed):
        if "{Std:JsonGet}" in place or plan.exclusive(one.step, other.step):
            continue
        if one.lasting and other.lasting and plan.ordered(one.step, other.step):
            continue  # the later job goes on from the earlier one's checkpoints
        match relation(place, other_place):
            case "same":
                yield _same(one, other, place)
            case "above":
                yield _nested(one, other, place, other_place)
            case "under":
                yield _nested(other, one, other_place, place)


def _meeting(placed: list[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """Pairs whose places are not apart, in the order of the outputs; of very many pairs there are few."""
    at: dict[str, list[int]] = defaultdict(list)
    pairs = []
    for index, (_, place) in enumerate(placed):
        at[place.rstrip("/")].append(index)
    for index, (_, place) in enumerate(placed):
        above = place.rstrip("/")
        pairs += [(other, index) for other in at[above] if other < index]
        while above := above.rpartition("/")[0]:
            pairs += [(min(other, index), max(other, index)) for other in at.get(above, ())]
    return ((placed[first], placed[second]) for first, second in sorted(pairs))


def _same(one: DeclaredOutput, other: DeclaredOutput, place: str) -> Finding:
    return finding(
        "ST106",
        f"{_label(one)} and {_label(other)} are written to one place",
        where=one.pointer,
        also=other.pointer,
        step=other.step,
        severity=Severity.WARNING if one.step == other.step else None,
        expected="a prefix for each output",
        observed=place,
    )


def _nested(outer: DeclaredOutput, inner: DeclaredOutput, outer_place: str, inner_place: str) -> Finding:
    return finding(
        "ST107",
        f"{_label(inner)} is written inside {_label(outer)}",
        where=outer.pointer,
        also=inner.pointer,
        step=inner.step,
        expected=f"nothing else under {outer_place}",
        observed=inner_place,
    )


def _label(output: DeclaredOutput) -> str:
    return f"{output.step}.{output.name}"
