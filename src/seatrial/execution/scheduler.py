"""The loop that drives one execution: start what is ready, wait for news, settle what ended.

Everything here runs in one thread. Only `run_job` travels to the executor.
"""

from __future__ import annotations

from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for_all
from dataclasses import dataclass
from functools import partial

from seatrial.definition import PipelineDefinition, Step, build_graph
from seatrial.engines.stopper import Stopper
from seatrial.execution.caching import Hit, StepCache
from seatrial.execution.context import StepContext
from seatrial.execution.control import Control, JobEnded, JobProgressed, WaitOver
from seatrial.execution.failures import environment_findings, failed_step, keep_traceback
from seatrial.execution.faults import fault_of_error, fault_of_result
from seatrial.execution.folders import attempt_folder
from seatrial.execution.gone_endpoints import gone_endpoints
from seatrial.execution.outcome import outcome_of
from seatrial.execution.progress import ProgressFilter, in_words
from seatrial.execution.ready import ReadySet
from seatrial.execution.retries import BY_DEFAULT
from seatrial.execution.retrying import Retries
from seatrial.execution.scope import ExecutionScope
from seatrial.execution.services import ExecutionServices
from seatrial.execution.state import ExecutionState
from seatrial.execution.steps.condition import branch_taken
from seatrial.execution.steps.step_type import Done, StepType
from seatrial.execution.substitution import step_type_for
from seatrial.execution.waiting import GIVEN_UP, WAITING_KINDS, OwnThreads
from seatrial.ports.executions import (
    CacheLookup,
    ExecutionStatus,
    Reuse,
    ReuseKind,
    StepRecord,
    StepStatus,
)
from seatrial.ports.jobs import UPLOADING, JobRequest, JobResult

# Beyond the grace that a container has: for the engine to clean up after it.
_MARGIN_SECONDS = 20.0


@dataclass(frozen=True)
class RunningJob:
    """One attempt whose job was handed to the executor."""

    step: Step
    request: JobRequest
    context: StepContext
    future: Future[JobResult]


class Scheduler:
    """Drives one execution until nothing runs and nothing more may start."""

    def __init__(
        self,
        definition: PipelineDefinition,
        state: ExecutionState,
        services: ExecutionServices,
        control: Control,
        executor: Executor,
    ) -> None:
        self._definition = definition
        self._state = state
        self._services = services
        self._control = control
        self._executor = executor
        self._graph = build_graph(definition)
        self._ready = ReadySet(definition, self._graph, state.record.selects)
        self._gone: frozenset[str] = frozenset()
        self._waiting = OwnThreads()
        self._running: dict[str, RunningJob] = {}
        self._uploading: set[str] = set()
        self._cache = StepCache(services.records, state.record, services.list_objects, services.clock)
        self._stopper = Stopper(services.stop_job)
        self._progress = ProgressFilter()
        last_resort = (BY_DEFAULT,) if services.settings.fidelity.retry_service_faults else ()
        self._retries = Retries(state, control, services.clock, last_resort)
        self._failed = False
        self._closed = False
        self._stop_failed = False

    def run(self) -> None:
        """Until the execution has ended. If the driver itself fails, no job is left running behind it."""
        try:
            self._gone = gone_endpoints(self._graph, self._state.steps)
            for record in self._state.steps:
                self._take_up(record)
            self._loop()
            self._end()
        except BaseException:
            self._abandon()
            raise

    def _take_up(self, record: StepRecord) -> None:
        """What an earlier process left of a step: its success, or its wait for the next attempt."""
        if record.waiting:
            self._ready.begun(record.name)
            self._retries.take_up(record)
        if record.status is StepStatus.SUCCEEDED and record.name not in self._gone:
            self._let_go_on(record)  # what ended otherwise runs again

    def _loop(self) -> None:
        while True:
            if self._control.stop_requested and not self._state.stopping:
                self._stop()
            if self._control.insisted:
                self._give_up_answers()
            self._start_ready()
            if not self._running and not self._retries.pending:
                return
            message = self._control.wait()
            if isinstance(message, JobEnded):
                self._settle(message)
            elif isinstance(message, JobProgressed):
                self._progressed(message.job_name)
            elif isinstance(message, WaitOver):
                self._retries.over(message.step)

    def _start_ready(self) -> None:
        while self._has_room() and not self._control.stop_requested:
            name = self._retries.pop_due() or self._pop_ready()
            if name is None:
                return
            self._start(self._definition.steps_by_name[name])

    def _has_room(self) -> bool:
        """A job that only uploads makes room for the next; as many as there are slots may do so."""
        slots, limit = self._services.settings.jobs, self._state.record.max_parallel_steps
        at_work = len(self._at_work())
        if limit is not None and len(self._running) >= limit:
            return False  # the pipeline's own limit counts steps, and one that uploads has not ended
        return at_work - len(self._uploading) < slots and at_work < 2 * slots

    def _at_work(self) -> list[RunningJob]:
        """What runs and does not only wait for somebody."""
        return [job for job in self._running.values() if job.request.kind not in WAITING_KINDS]

    def _pop_ready(self) -> str | None:
        if self._closed:
            return None
        independent = self._services.settings.fidelity.start_independent_steps
        return self._ready.pop(handlers_only=self._failed and not independent)

    def _start(self, step: Step) -> None:
        attempt = self._state.starting(step).attempts
        context = self._context(step, attempt)
        try:
            prepared = self._type_of(step).prepare(step, context)
            found = None if isinstance(prepared, Done) else self._cached(step, prepared)
        except Exception as error:  # noqa: BLE001  # nothing is swallowed: the step fails with it
            self._fail(step, context, error)
            return
        if isinstance(prepared, Done):
            self._finish(step, attempt, prepared)
        elif isinstance(found, Hit):
            self._state.reused(step.name, found.step, Reuse(ReuseKind.CACHE, found.source_arn), found.lookup)
            self._ready.ended(step.name, StepStatus.SUCCEEDED)
        else:
            self._submit(step, context, prepared, found)

    def _cached(self, step: Step, request: JobRequest) -> Hit | CacheLookup | None:
        if request.substitute is not None or not self._services.settings.step_cache:
            return None
        return self._cache.look_up(step, request)

    def _type_of(self, step: Step) -> StepType:
        return step_type_for(step, self._state.record.substitutes)

    def _submit(
        self, step: Step, context: StepContext, request: JobRequest, cache: CacheLookup | None
    ) -> None:
        self._state.executing(step.name, request, cache)
        try:
            executor = self._waiting if request.kind in WAITING_KINDS else self._executor
            future = executor.submit(self._services.run_job, request)
        except Exception as error:  # noqa: BLE001  # nothing is swallowed: the step fails with it
            self._fail(step, context, error)
            return
        self._running[step.name] = RunningJob(step, request, context, future)
        future.add_done_callback(partial(self._control.ended, step.name, request.attempt))

    def _settle(self, message: JobEnded) -> None:
        job = self._running.get(message.step)
        if job is None or job.request.attempt != message.attempt:
            return  # an older attempt counts for nothing
        del self._running[message.step]
        self._uploading.discard(message.step)
        self._stopper.ended(job.request.name)
        if message.future.cancelled():
            self._finish(job.step, message.attempt, _cancelled(self._state.stopping))
            return
        error = message.future.exception()
        if error is not None:
            self._fail(job.step, job.context, error)
            return
        self._complete(job, message.future.result())

    def _complete(self, job: RunningJob, result: JobResult) -> None:
        try:
            done = self._type_of(job.step).complete(job.step, job.context, result)
        except Exception as error:  # noqa: BLE001  # nothing is swallowed: the step fails with it
            self._fail(job.step, job.context, error, result)
            return
        if not self._retries.put_off(job.step, done, fault_of_result(result), result):
            self._finish(job.step, job.request.attempt, done, result)

    def _fail(
        self, step: Step, context: StepContext, error: BaseException, result: JobResult | None = None
    ) -> None:
        keep_traceback(error, context.folder)
        done = failed_step(error, context.scope)
        fault = fault_of_error(error) or fault_of_result(result)
        if self._retries.put_off(step, done, fault, result):
            return
        findings = environment_findings(error, step.name)
        if findings:
            self._state.found(findings)
        self._finish(step, context.attempt, done, result)

    def _finish(self, step: Step, attempt: int, done: Done, result: JobResult | None = None) -> None:
        if not self._state.ended(step.name, attempt, done, result):
            return
        if done.status is StepStatus.FAILED:
            self._failed = True
            self._closed = self._closed or done.ends_execution
            self._stop_failed = self._stop_failed or done.fails_stop
        record = self._state.step(step.name)
        if record is not None:
            self._let_go_on(record)

    def _let_go_on(self, record: StepRecord) -> None:
        self._ready.ended(record.name, record.status, branch_taken(record))

    def _progressed(self, job_name: str) -> None:
        progress = self._control.latest(job_name)
        job = next((job for job in self._running.values() if job.request.name == job_name), None)
        if progress is None or job is None:
            return
        if progress.status == UPLOADING:
            self._uploading.add(job.step.name)
        if self._progress.worth_keeping(progress, self._services.clock.now()):
            self._state.progressed(job.step.name, in_words(progress))

    def _stop(self) -> None:
        self._state.stop()
        for name in self._retries.give_up():
            self._state.gave_up_waiting(name)
        # What waits goes first: a worker that a stopped job sets free must not find it. The callback of
        # a cancelled job has told of its end.
        begun = [job for job in list(self._running.values()) if not job.future.cancel()]
        for job in begun:
            self._state.stopping_step(job.step.name)
            self._stopper.stop(job.request.name)

    def _give_up_answers(self) -> None:
        """End the steps that only wait for somebody; their messages stay, for whoever resumes."""
        for name, job in list(self._running.items()):
            if job.request.kind in WAITING_KINDS:
                del self._running[name]
                self._stopper.ended(job.request.name)
                self._finish(job.step, job.request.attempt, GIVEN_UP)

    def _end(self) -> None:
        if self._control.stop_requested and not self._state.stopping:
            self._state.stop()  # asked for while nothing ran; steps may be left that did not start
        if self._state.stopping and not self._stop_failed:
            self._state.end(ExecutionStatus.STOPPED)
            return
        self._state.end(*outcome_of(self._state.steps, self._graph))

    def _abandon(self) -> None:
        """Stop what runs and wait for it, but not for ever: whoever interrupts wants an end."""
        self._retries.give_up()
        futures = [job.future for job in self._at_work() if not job.future.cancel()]
        for job in self._running.values():
            self._stopper.stop(job.request.name)
        # What cannot be stopped, a function that runs, is let go of.
        self._services.release(self._state.record.execution_id)
        wait_for_all(futures, self._services.settings.stop_grace_seconds + _MARGIN_SECONDS)
        for job in self._running.values():
            self._stopper.ended(job.request.name)

    def _context(self, step: Step, attempt: int) -> StepContext:
        execution_id = self._state.record.execution_id
        folder = attempt_folder(self._services.settings, execution_id, step.name, attempt)
        scope = ExecutionScope(
            self._definition, self._state, self._services.read_object, self._services.clock
        )
        return StepContext(step.name, attempt, folder, scope, self._state, self._services)


def _cancelled(stopping: bool) -> Done:
    if stopping:
        return Done(StepStatus.STOPPED)
    return Done(StepStatus.FAILED, failure_reason="InternalError: the job was cancelled before it began")
