"""Objects under an output's prefix that no step of this execution wrote."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.flow import Flow
from seatrial.dataflow.own_calls import object_of, writes
from seatrial.outputs import DeclaredOutput
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.jobs import OutputReceipt
from seatrial.ports.storage import StoredObject

_SHOWN = 3


def foreign_objects(flow: Flow) -> Iterator[Finding]:
    """One finding for each output that holds something from before. What another step of this
    execution wrote there is a collision, and said as one; what the step's own code put there is its own."""
    read = _readers(flow)
    for step in flow.ran():
        known = {*flow.writers, *map(object_of, writes(step))}
        for receipt in step.result.outputs if step.result else ():
            output = flow.plan.output(step.name, receipt.property_path)
            if output is not None and output.lasting:
                continue  # a job goes on from the checkpoints that it finds
            foreign = [o for o in receipt.existing if (o.bucket, o.key) not in known]
            if foreign:
                readers = sorted(
                    {name for o in foreign for name in read.get((o.bucket, o.key), ())} - {step.name}
                )
                yield _finding(output, step, receipt, foreign, readers)


def _readers(flow: Flow) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for step in flow.ran():
        for receipt in step.result.inputs if step.result else ():
            for stored in receipt.objects:
                found.setdefault((stored.bucket, stored.key), []).append(step.name)
    return found


def _finding(
    output: DeclaredOutput | None,
    step: StepRecord,
    receipt: OutputReceipt,
    foreign: list[StoredObject],
    readers: list[str],
) -> Finding:
    names = ", ".join(stored.key for stored in foreign[:_SHOWN])
    more = f" and {len(foreign) - _SHOWN} more" if len(foreign) > _SHOWN else ""
    retried = " (perhaps an earlier attempt of the step did)" if step.attempts > 1 else ""
    return finding(
        "ST108",
        f"{step.name}.{receipt.name} holds {counted(len(foreign), 'object')} that this attempt did not write"
        + retried
        + (f", and {', '.join(readers)} read them" if readers else ""),
        where=output.pointer if output else receipt.s3_uri,
        also=readers[0] if readers else None,
        step=step.name,
        severity=Severity.ERROR if readers else None,
        expected=f"only what this execution wrote under {receipt.s3_uri}",
        observed=names + more,
    )
