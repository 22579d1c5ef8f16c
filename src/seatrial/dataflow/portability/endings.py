"""Steps that ended otherwise under the second prefix, and conditions that decided otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.portability.voyage import Voyage
from seatrial.ports.executions import StepStatus
from seatrial.ports.findings import Finding

_NOT_STARTED = "not started"


def endings_differ(first: Voyage, second: Voyage) -> Iterator[Finding]:
    """The first causes: of what only follows from them (steps that never started) nothing is said."""
    found = [*_failed(first, second), *_decided(first, second)]
    yield from found or _otherwise(first, second)


def _failed(first: Voyage, second: Voyage) -> Iterator[Finding]:
    for step in second.flow.record.steps:
        before = first.side.statuses.get(step.name)
        ended_badly = step.status in (StepStatus.FAILED, StepStatus.STOPPED)
        if before is None or before == step.status.value or not ended_badly:
            continue
        now = step.status.value
        yield finding(
            "ST143",
            f"{step.name} {before.lower()} under the first prefix, and {now.lower()} under the second",
            where=second.flow.definition.pointer_of(step.name),
            step=step.name,
            expected=f"{before}, as under {first.prefix}",
            observed=f"{now} under {second.prefix}: {_reason(second, step.name)}",
            hint=f"seatrial logs {step.name} {second.side.execution_id}",
        )


def _reason(voyage: Voyage, name: str) -> str:
    step = voyage.flow.record.step(name)
    said = (step.exit_message or step.failure_reason) if step else None
    return said or "no reason is known"


def _decided(first: Voyage, second: Voyage) -> Iterator[Finding]:
    for step in second.flow.record.steps:
        before = first.flow.record.step(step.name)
        if step.type != "Condition" or before is None:
            continue
        one, other = before.properties.get("Outcome"), step.properties.get("Outcome")
        if one != other:
            yield finding(
                "ST143",
                f"the condition {step.name} is {one} under the first prefix, and {other} under the second",
                where=second.flow.definition.pointer_of(step.name),
                step=step.name,
                expected=f"{one}, as under {first.prefix}",
                observed=f"{other} under {second.prefix}",
                hint="compare what the condition reads: "
                f"seatrial compare {first.side.execution_id} {second.side.execution_id}",
            )


def _otherwise(first: Voyage, second: Voyage) -> Iterator[Finding]:
    """Where neither tells, each step that differs."""
    for name in dict.fromkeys((*first.side.statuses, *second.side.statuses)):
        one = first.side.statuses.get(name, _NOT_STARTED)
        other = second.side.statuses.get(name, _NOT_STARTED)
        if one != other:
            yield finding(
                "ST143",
                f"{name} is {one} under the first prefix, and {other} under the second",
                where=second.flow.definition.pointer_of(name),
                step=name,
                expected=one,
                observed=other,
            )
