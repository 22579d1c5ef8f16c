"""Whether an earlier execution still has what a replayed step is to give."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.definition import Step
from seatrial.execution.kept_outputs import lost_objects
from seatrial.ports.executions import StepStatus
from seatrial.ports.storage import ObjectStore
from seatrial.records import Records


def unreplayable(
    step: Step, execution: str, records: Records | None, store: ObjectStore | None
) -> Iterator[tuple[str, str]]:
    """What keeps the step's outcome there from being given again."""
    found = records.step(execution, step.name) if records is not None else None
    other = "name another execution with --replay-from, or run the step there first"
    if found is None or found.status is not StepStatus.SUCCEEDED:
        said = f"is {found.status.value} there" if found else "did not start there"
        yield f"execution {execution} cannot be replayed: the step {said}", other
    elif found.type != step.type:
        yield f"execution {execution} cannot be replayed: the step is a {found.type} step there", other
    else:
        for receipt in found.result.outputs if found.result else ():
            if receipt.objects and store is None:
                yield f"there is no store that could hold its output {receipt.name!r}", other
                return
            for lost in lost_objects(receipt, store.list_objects) if store else ():
                yield f"{lost.uri} of its output {receipt.name!r} is {lost.how}", other
                break
