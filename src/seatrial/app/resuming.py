"""What is asked before an execution goes on, so that nothing fails in its middle that can be said now."""

from __future__ import annotations

from seatrial.app.abilities import unsupported
from seatrial.app.functions import Functions, unknown_functions
from seatrial.app.images import make_images, planned_images
from seatrial.app.parts import Parts
from seatrial.app.substitution.needs import steps_at_work
from seatrial.definition import PipelineDefinition, Step
from seatrial.errors import DefinitionError
from seatrial.execution import execution_folder
from seatrial.execution.steps.condition import branch_taken
from seatrial.outputs import known_of
from seatrial.ports.executions import ExecutionRecord, StepStatus
from seatrial.records.functions import read_functions


def prepare_to_resume(
    parts: Parts, record: ExecutionRecord, definition: PipelineDefinition, engine: str
) -> None:
    """Refuse what the engine cannot do of the steps that are left, and make their images."""
    steps = steps_left(definition, record)
    known = known_of(definition, record.parameters)
    created = read_functions(execution_folder(parts.settings, record.execution_id))
    impossible = [
        *unsupported(parts.engine(engine), steps, record.substitutes),
        *unknown_functions(
            Functions(parts.settings, created), steps_at_work(steps, record.substitutes), known
        ),
    ]
    if impossible:
        raise DefinitionError(impossible)
    parts.prepare_engine(engine)
    make_images(parts, dict(planned_images(parts, definition, steps, known, record.substitutes)))


def steps_left(definition: PipelineDefinition, record: ExecutionRecord) -> list[Step]:
    """The steps that may yet run: selected, not succeeded, on no branch that was passed by."""
    return [
        step
        for step in definition.all_steps()
        if record.selects(step.name)
        and not _has_succeeded(step, record)
        and not _is_passed_by(step, definition, record)
    ]


def _has_succeeded(step: Step, record: ExecutionRecord) -> bool:
    found = record.step(step.name)
    return found is not None and found.status is StepStatus.SUCCEEDED


def _is_passed_by(step: Step, definition: PipelineDefinition, record: ExecutionRecord) -> bool:
    if step.parent is None:
        return False
    condition = record.step(step.parent)
    taken = branch_taken(condition) if condition else None
    if taken is not None and taken != step.branch:
        return True
    return _is_passed_by(definition.steps_by_name[step.parent], definition, record)
