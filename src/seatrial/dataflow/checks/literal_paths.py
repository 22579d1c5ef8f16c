"""Another step's output, written out as text where a reference should be; the order itself is kept."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Plan
from seatrial.dataflow.literal_reads import LiteralRead, literal_reads
from seatrial.ports.findings import Finding, Severity

_CHECKING = ("QualityCheck", "ClarifyCheck")


def literal_paths(plan: Plan) -> Iterator[Finding]:
    """One finding for each read at or under an output of a step that the reader waits for."""
    for found in literal_reads(plan):
        ordered = found.read.step in plan.graph.descendants(found.output.step)
        # A wider place may be meant as a whole, and checkpoints are gone on from by their place.
        plain = found.how != "above" and not found.output.lasting
        if ordered and plain and not _is_written_by_the_sdk(plan, found):
            yield _finding(found)


def _is_written_by_the_sdk(plan: Plan, found: LiteralRead) -> bool:
    """Whether the SDK copied the location: from a transform that it monitors to the step that checks it."""
    step = plan.definition.step(found.read.step)
    return found.output.name == "transform" and step is not None and step.type in _CHECKING


def _finding(found: LiteralRead) -> Finding:
    read, output = found.read, found.output
    return finding(
        "ST126",
        f"{found.what}, as text: if that output moves, the text stays",
        where=read.pointer,
        also=output.pointer,
        step=read.step,
        severity=Severity.NOTE if read.kind == "mention" else None,
        expected=_reference(found),
        observed=found.place,
    )


def _reference(found: LiteralRead) -> str:
    reference = f"{{Steps.{found.output.step}.{found.output.property_path}}}"
    return reference if found.how == "same" else f"a Join that begins with {reference}"
