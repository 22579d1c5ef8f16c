"""Locations that another step writes, named without anything that makes the reader wait."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Plan
from seatrial.dataflow.places import Relation, relation
from seatrial.dataflow.reads import Read
from seatrial.definition import references
from seatrial.outputs import DeclaredOutput, text_of
from seatrial.ports.findings import Finding, Severity


def unordered_reads(plan: Plan) -> Iterator[Finding]:
    """One finding for each read that lies at, under or above an output it does not wait for."""
    for read in plan.reads:
        if any(reference.kind in ("step", "property-file") for reference in references(read.location)):
            continue
        found = text_of(read.location, plan.known).text
        for output, place in plan.places:
            how = _relation(found, place, read, output)
            if how is not None and not _ordered(plan, read, output):
                yield _finding(plan, read, output, how, found)


def _ordered(plan: Plan, read: Read, output: DeclaredOutput) -> bool:
    """Whether the reader is the writer, waits for it, or never runs in one execution with it."""
    return (
        read.step == output.step
        or read.step in plan.graph.descendants(output.step)
        or plan.exclusive(output.step, read.step)
    )


def _relation(found: str, place: str, read: Read, output: DeclaredOutput) -> Relation | None:
    how = relation(found, place)
    if how == "above" and (read.kind == "mention" or read.one_object):
        return None  # a base handed to a script, or a manifest's own key, says nothing of what lies beneath
    if output.per_job and how == "under":
        return None  # a training job writes beneath its own name, which no text can know
    if how == "same" and _is_bucket(found):
        return None  # SDK sessions write to the bucket's root and read code from beneath it
    return how


def _is_bucket(place: str) -> bool:
    return "/" not in place.removeprefix("s3://").rstrip("/")


def _finding(plan: Plan, read: Read, output: DeclaredOutput, how: Relation, found: str) -> Finding:
    label = f"{output.step}.{output.name}"
    early = output.step in plan.graph.descendants(read.step)
    order = f"runs before {output.step}" if early else f"does not wait for {output.step}"
    what = {"same": f"names the place of {label}", "under": f"names a place inside {label}"}.get(
        how, f"names a place around {label}"
    )
    vague = how == "above" or read.kind == "mention"
    return finding(
        "ST109",
        f"{read.step} {what} in {read.name!r} and {order}",
        where=read.pointer,
        also=output.pointer,
        step=read.step,
        severity=Severity.WARNING if vague else None,
        expected=f"{{Steps.{output.step}.{output.property_path}}}, or {output.step} in DependsOn",
        observed=found,
    )
