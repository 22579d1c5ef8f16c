"""Outputs that are written to one place, or one inside the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

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
    for (one, place), (other, other_place) in combinations(placed, 2):
        how = relation(place, other_place)
        if how is None or "{Std:JsonGet}" in place or plan.exclusive(one.step, other.step):
            continue
        if one.lasting and other.lasting and plan.ordered(one.step, other.step):
            continue  # the later job goes on from the earlier one's checkpoints
        match how:
            case "same":
                yield _same(one, other, place)
            case "above":
                yield _nested(one, other, place, other_place)
            case "under":
                yield _nested(other, one, other_place, place)


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
