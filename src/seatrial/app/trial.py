"""One trial: run what the preflight let pass, register what was really written, judge the data flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from seatrial.app.contents import contents_of, look_inside
from seatrial.app.functions import Functions
from seatrial.app.images import make_images, missing_images
from seatrial.app.jobs import RunJob
from seatrial.app.judging import keep_judged
from seatrial.app.leftovers import sweep
from seatrial.app.local_files import adopt_local_files
from seatrial.app.manifests import led_nowhere
from seatrial.app.parts import Parts
from seatrial.app.preflight import Preflight, lost_inputs, missing_inputs, preflight
from seatrial.app.printed import printed_by
from seatrial.app.resuming import prepare_to_resume
from seatrial.app.role_policy import acting, check_role, kept_role, refuse_engine, role_of, told_of
from seatrial.app.sources import keep_source
from seatrial.app.suppressing import suppressed_record
from seatrial.app.wishes import Wishes
from seatrial.dataflow import Flow
from seatrial.definition import Graph, PipelineDefinition, Step, build_graph, parse
from seatrial.definition.model import Trigger
from seatrial.errors import DefinitionError, StorageError
from seatrial.execution import (
    Control,
    ExecutionServices,
    RandomIds,
    environment_findings,
    execution_folder,
    resume_execution,
    run_execution,
    start_execution,
)
from seatrial.execution.folders import DEFINITION
from seatrial.outputs import S3OutputPathRegistry, registry_of, save_manifest
from seatrial.outputs.profiled import with_profiles
from seatrial.ports.executions import EventListener, ExecutionRecord, ExecutionStatus, StepStatus
from seatrial.ports.findings import Finding, Severity, fails
from seatrial.ports.storage import ObjectStore, S3Uri
from seatrial.records.functions import read_functions
from seatrial.storage import STATE_BUCKET, apply_seeds

Started = Callable[[ExecutionRecord, PipelineDefinition], EventListener]
"""Hears that an execution began; answers with who wants to hear its events."""


@dataclass(frozen=True)
class Trial:
    """An execution that came to its end, and what is to be said of it."""

    record: ExecutionRecord
    definition: PipelineDefinition
    registry: S3OutputPathRegistry
    flow: Flow

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was found, before the run and after it."""
        return self.record.findings

    @property
    def not_started(self) -> tuple[str, ...]:
        """Steps that would have run, had nothing failed or stopped."""
        return not_started(self.record, self.definition)

    def exit_code(self, fail_on: str) -> int:
        """The code of the design: 0 well, 1 failed or findings, 3 this machine could not do it."""
        errors = [found for found in self.findings if found.severity is Severity.ERROR]
        if any(found.code.startswith("ST3") for found in errors):
            return 3
        if self.record.status is not ExecutionStatus.SUCCEEDED:
            return 1
        return int(fails(self.findings, fail_on))


def run(
    parts: Parts, wishes: Wishes, control: Control, started: Started, *, executor: Executor | None = None
) -> Trial:
    """The whole trial of a definition; refused before anything starts if anything can be refused.

    Jobs run in threads, or in the executor that is handed in, whose workers may be processes. A stop is
    waited for there until those that run have ended by themselves.
    """
    wishes = adopt_local_files(parts, wishes)
    flight = preflight(parts, wishes)
    parts.prepare_engine(wishes.engine)
    _launch(parts, flight)
    record = start_execution(
        flight.definition,
        parameters=wishes.parameters,
        prefix=wishes.prefix,
        pipeline_name=wishes.pipeline_name,
        records=parts.records,
        settings=parts.settings,
        ids=RandomIds(),
        clock=parts.clock,
        engine=wishes.engine,
        max_parallel_steps=wishes.max_parallel_steps,
        selection=flight.selection,
        substitutes=flight.substitutes,
        functions=wishes.functions,
    )
    keep_source(parts, record, wishes.source)
    parts.records.add_findings(record.execution_id, flight.settled)
    with acting(parts, record.execution_id, flight.role):
        services = _services(parts, record, wishes.engine, control)
        listener = started(record, flight.definition)
        try:
            run_execution(
                record.execution_id, services, control=control, executor=executor, listener=listener
            )
        finally:
            if executor is not None:
                sweep(parts, record.execution_id)  # endpoints that stand in its workers, which hear of no end
    return conclude(parts, record.execution_id)


def resume(
    parts: Parts,
    wanted: str,
    engine: str | None,
    control: Control,
    started: Started,
    *,
    max_parallel_steps: int | None = None,
    role_policy: Sequence[Path] = (),
) -> Trial:
    """Go on with an execution, under `engine` or the one it last ran with; what had finished is kept.

    So does RetryPipelineExecution, which may set another `max_parallel_steps` as well. The role's policy is
    the one that it was started with, unless `role_policy` names another.
    """
    record = _read(parts, wanted)
    definition = definition_of(record)
    chosen = record.engines[-1] if engine is None else engine
    role = role_of(parts.settings, role_policy) or kept_role(parts.settings, record.execution_id)
    refuse_engine(role, chosen)
    prepare_to_resume(parts, record, definition, chosen)
    if role_policy:
        told_of(parts, record.execution_id, definition, role)
    with acting(parts, record.execution_id, role):
        services = _services(parts, record, chosen, control)
        resume_execution(
            record.execution_id,
            services,
            control=control,
            listener=started(record, definition),
            max_parallel_steps=max_parallel_steps,
        )
    return conclude(parts, record.execution_id)


def conclude(parts: Parts, execution_id: str) -> Trial:
    """Register what was written, keep the manifest, judge the flow, and keep what was found.

    A store that is lost by now is one more finding: what the records hold is told all the same.
    """
    look_inside(parts, parts.records.execution(execution_id))
    trial = recorded(parts, execution_id)
    folder = execution_folder(parts.settings, trial.record.execution_id)
    try:
        save_manifest(trial.registry, parts.store, STATE_BUCKET, folder)
        keep_judged(parts, _seen_in_store(trial, parts.running_store).flow)
    except StorageError as lost:
        parts.records.add_findings(execution_id, environment_findings(lost))
        keep_judged(parts, trial.flow)
    if parts.settings.openlineage.wanted:
        from seatrial.app.openlineage import tell_all  # for those who set it: an HTTP client, templates

        tell_all(parts, trial.flow)
    return replace(trial, record=_read(parts, execution_id))


def judge_again(parts: Parts, wanted: str) -> tuple[Finding, ...]:
    """What is found of an execution as the store is now, in the place of what was judged before."""
    flow = look(parts, wanted).flow
    keep_judged(parts, flow)
    return _read(parts, flow.record.execution_id).findings


def look(parts: Parts, wanted: str) -> Trial:
    """An execution as it is now; the store is only asked if it is there."""
    return _seen_in_store(recorded(parts, wanted), parts.running_store)


def _seen_in_store(trial: Trial, store: ObjectStore | None) -> Trial:
    if store is None:
        return trial
    return replace(trial, flow=replace(trial.flow, list_objects=store.list_objects, read=store.read))


def recorded(parts: Parts, wanted: str) -> Trial:
    """An execution as the records have it; needs neither Docker nor a store."""
    record = _read(parts, wanted)
    definition = definition_of(record)
    contents = contents_of(parts, record)
    registry = with_profiles(registry_of(record, definition), contents.outputs)
    flow = Flow(
        definition,
        build_graph(definition),
        record,
        registry,
        printed=printed_by(parts, record),
        contents=contents,
        contracts=parts.settings.contents,
        scripts=parts.contracts,
        role=kept_role(parts.settings, record.execution_id),
    )
    return Trial(record, definition, registry, flow)


def _read(parts: Parts, wanted: str) -> ExecutionRecord:
    """An execution, its findings as the settings of today suppress them."""
    return suppressed_record(parts.settings, parts.records.execution(wanted))


def definition_of(record: ExecutionRecord) -> PipelineDefinition:
    """The definition that the execution was started with."""
    return parse(record.definition, source=DEFINITION)


def abandoned(parts: Parts, records: Iterable[ExecutionRecord]) -> frozenset[str]:
    """The ids of those that did not come to an end and that no process drives any more."""
    open_ids = (record.execution_id for record in records if record.ended_at is None)
    return frozenset(each for each in open_ids if parts.records.driver(each) is None)


def not_started(record: ExecutionRecord, definition: PipelineDefinition) -> tuple[str, ...]:
    """Steps that have no record although all that they wait for has come, or may yet come."""
    graph = build_graph(definition)
    never: set[str] = set()
    for step in definition.all_steps():
        if record.step(step.name) is None and not (_is_due(step, record) and _is_called(step, graph, record)):
            never |= {step.name, *graph.descendants(step.name)}
    return tuple(
        step.name
        for step in definition.all_steps()
        if record.step(step.name) is None and record.selects(step.name) and step.name not in never
    )


def _is_called(step: Step, graph: Graph, record: ExecutionRecord) -> bool:
    """Whether no step ended otherwise than with the failure or the stop that this one waits for."""
    return not any(
        upstream.status.ended and upstream.status is not awaited
        for name in graph.upstream(step.name)
        if (awaited := _AWAITED.get(graph.trigger(name, step.name))) and (upstream := record.step(name))
    )


_AWAITED: Mapping[Trigger, StepStatus] = {"Failed": StepStatus.FAILED, "Stopped": StepStatus.STOPPED}


def _is_due(step: Step, record: ExecutionRecord) -> bool:
    if step.parent is None:
        return True
    condition = record.step(step.parent)
    outcome = condition.properties.get("Outcome") if condition else None
    return outcome is (step.branch == "IfSteps")


def _launch(parts: Parts, flight: Preflight) -> None:
    """The last look before the start: every input there, every image made."""
    missing = [*missing_inputs(flight.view.inputs), *lost_inputs(parts, flight.view, parts.store)]
    if missing:
        raise DefinitionError([*missing, *missing_images(parts, flight.view.images)], slug="missing-inputs")
    apply_seeds(parts.store, flight.seeds)
    misled = led_nowhere(parts.store, flight.view)
    if misled:
        raise DefinitionError(misled, slug="missing-inputs")
    if flight.view.prefix:
        # Code that writes there by itself, a Lambda function for one, expects the bucket to be there.
        parts.store.ensure_bucket(S3Uri.parse(flight.view.prefix).bucket)
    check_role(parts, flight.role)
    make_images(parts, flight.view.images, flight.definition)


def _services(parts: Parts, record: ExecutionRecord, engine_name: str, control: Control) -> ExecutionServices:
    created = read_functions(execution_folder(parts.settings, record.execution_id))
    run_job = RunJob(parts, engine_name, control.progress)
    return ExecutionServices(
        records=parts.records,
        settings=parts.settings,
        run_job=run_job,
        stop_job=run_job.engine.stop,
        read_object=parts.store.read,
        clock=parts.clock,
        ids=RandomIds(),
        sweep=partial(sweep, parts),
        release=run_job.engine.release,
        engine=engine_name,
        list_objects=parts.store.list_objects,
        find_function=Functions(parts.settings, created),
    )
