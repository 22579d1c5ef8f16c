"""Runs an execution that was started, or goes on with one that stopped, failed or lost its process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from seatrial.definition import PipelineDefinition, build_graph, parse
from seatrial.errors import RefusedError
from seatrial.execution.abandoned import settle_cut_short
from seatrial.execution.control import Control
from seatrial.execution.folders import DEFINITION
from seatrial.execution.hearing import listening
from seatrial.execution.scheduler import Scheduler
from seatrial.execution.selection import needed_steps
from seatrial.execution.services import ExecutionServices
from seatrial.execution.state import ExecutionState
from seatrial.execution.steps.fail import FailStep
from seatrial.ports.executions import (
    EventListener,
    ExecutionRecord,
    ExecutionStatus,
    Reuse,
    ReuseKind,
    StepStatus,
)


def run_execution(
    execution_id: str,
    services: ExecutionServices,
    *,
    control: Control | None = None,
    executor: Executor | None = None,
    listener: EventListener | None = None,
) -> ExecutionRecord:
    """Run what `start_execution` made to its end; the record as it then is.

    Jobs run in threads, `settings.jobs` at a time and those that only upload beside them, or in the
    executor that is handed in (with as many slots). A failed pipeline is a record that says so, not an
    exception.
    """
    return _drive(execution_id, services, control, executor, listener, _refuse_to_run, resumed=False)


def resume_execution(
    execution_id: str,
    services: ExecutionServices,
    *,
    control: Control | None = None,
    executor: Executor | None = None,
    listener: EventListener | None = None,
    max_parallel_steps: int | None = None,
) -> ExecutionRecord:
    """Go on with an execution: what succeeded is kept, with its properties and receipts; the rest runs again.

    A Condition that was decided stays decided: steps may have read its outcome. Definition and
    parameters are the record's own; so is `max_parallel_steps`, unless another is given.
    """

    def take_up(state: ExecutionState) -> None:
        _refuse_to_resume(state.record)
        _take_up(state, services, max_parallel_steps)

    return _drive(execution_id, services, control, executor, listener, take_up, resumed=True)


def _drive(
    wanted: str,
    services: ExecutionServices,
    control: Control | None,
    executor: Executor | None,
    listener: EventListener | None,
    begin: Callable[[ExecutionState], None],
    *,
    resumed: bool,
) -> ExecutionRecord:
    # A stop that was asked for before a run's first step counts; one of before a resume does not. Asked
    # before the lease is taken: from then on, whoever wants a stop takes us for who will hear it.
    known = services.records.find(wanted)
    heard = services.records.last_sequence(known) if resumed else 0
    with services.records.drive(known) as journal:
        record = services.records.execution(journal.execution_id)
        definition = parse(record.definition, source=DEFINITION)
        state = ExecutionState(journal, record, services.clock, listener)
        begin(state)
        _bring_in(definition, state, services)
        control = control or Control()
        asked = partial(services.records.stops_requested, record.execution_id, heard)
        with _slots(executor, services) as slots, listening(control, asked):
            try:
                Scheduler(definition, state, services, control, slots).run()
            finally:
                services.release(record.execution_id)
    return services.records.execution(journal.execution_id)


@contextmanager
def _slots(executor: Executor | None, services: ExecutionServices) -> Iterator[Executor]:
    if executor is not None:
        yield executor  # its owner closes it
        return
    # Twice as many threads as slots: a job that only uploads has none.
    threads = ThreadPoolExecutor(2 * services.settings.jobs, thread_name_prefix="job")
    try:
        yield threads
    finally:
        # Every job has ended, or the driver has given up on those that do not.
        threads.shutdown(wait=False, cancel_futures=True)


def _bring_in(definition: PipelineDefinition, state: ExecutionState, services: ExecutionServices) -> None:
    """Give the steps that are not selected and are needed what they had in the source execution."""
    selection = state.record.selection
    if selection is None or selection.source_arn is None:
        return
    source = services.records.execution(selection.source_arn)
    for name in needed_steps(build_graph(definition), selection.steps):
        before, given = state.step(name), source.step(name)
        if given is not None and (before is None or before.status is not StepStatus.SUCCEEDED):
            state.starting(definition.steps_by_name[name])
            state.reused(name, given, Reuse(ReuseKind.SELECTION, source.arn))


def _take_up(state: ExecutionState, services: ExecutionServices, max_parallel_steps: int | None) -> None:
    """Settle the attempts whose process died; with the lease in hand, whatever still runs is nobody's."""
    services.sweep(state.record.execution_id)
    state.resume(services.engine, max_parallel_steps)
    settle_cut_short(state)


def _refuse_to_run(state: ExecutionState) -> None:
    record = state.record
    if record.status is not ExecutionStatus.EXECUTING or record.steps:
        raise RefusedError(
            f"execution {record.execution_id} has been run before",
            slug="run-before",
            where=record.arn,
            hint=f"go on with it: seatrial resume {record.execution_id}",
        )


def _refuse_to_resume(record: ExecutionRecord) -> None:
    if record.status is ExecutionStatus.SUCCEEDED:
        raise RefusedError(
            f"execution {record.execution_id} has succeeded; nothing is left to do",
            slug="already-succeeded",
            where=record.arn,
            hint="begin another: seatrial run PIPELINE",
        )
    final = [
        step.name
        for step in record.steps
        if step.type == FailStep.shape.type and step.status is StepStatus.FAILED
    ]
    if final:
        # As RetryPipelineExecution: the pipeline itself decided to fail, and would again.
        raise RefusedError(
            f"execution {record.execution_id} was ended by its Fail step {final[0]!r}",
            slug="ended-by-fail-step",
            where=record.arn,
            hint="change the pipeline, its parameters or its data, and begin another: seatrial run PIPELINE",
        )
