"""Locations that another step writes, named without anything that makes the reader wait."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Plan
from seatrial.dataflow.literal_reads import LiteralRead, literal_reads
from seatrial.ports.findings import Finding, Severity


def unordered_reads(plan: Plan) -> Iterator[Finding]:
    """One finding for each read that lies at, under or above an output it does not wait for."""
    for found in literal_reads(plan):
        if found.read.step not in plan.graph.descendants(found.output.step):
            yield _finding(plan, found)


def _finding(plan: Plan, found: LiteralRead) -> Finding:
    read, output = found.read, found.output
    early = output.step in plan.graph.descendants(read.step)
    order = f"runs before {output.step}" if early else f"does not wait for {output.step}"
    vague = found.how == "above" or read.kind == "mention"
    return finding(
        "ST109",
        f"{found.what} and {order}",
        where=read.pointer,
        also=output.pointer,
        step=read.step,
        severity=Severity.WARNING if vague else None,
        expected=f"{{Steps.{output.step}.{output.property_path}}}, or {output.step} in DependsOn",
        observed=found.place,
    )
