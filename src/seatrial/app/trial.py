"""One trial: run what the preflight let pass, register what was really written, judge the data flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from seatrial.app.codes import KINDS
from seatrial.app.images import make_images
from seatrial.app.local_files import adopt_local_files
from seatrial.app.parts import Parts
from seatrial.app.preflight import Preflight, missing_inputs, preflight
from seatrial.app.wishes import Wishes
from seatrial.dataflow import Flow, judge
from seatrial.definition import PipelineDefinition, build_graph, parse
from seatrial.errors import DefinitionError
from seatrial.execution import (
    Control,
    ExecutionServices,
    RandomIds,
    resume_execution,
    run_execution,
    start_execution,
)
from seatrial.outputs import S3OutputPathRegistry, registry_of, save_manifest
from seatrial.ports.executions import EventListener, ExecutionRecord, ExecutionStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.jobs import JobEngine, JobListener, JobRequest, JobResult
from seatrial.storage import STATE_BUCKET
from seatrial.storage.seeding import apply_seeds

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
    def substituted_images(self) -> Mapping[str, str]:
        """Image URI to what differs in the image that ran in its place."""
        images = (step.result.image for step in self.record.steps if step.result)
        return {image.requested: image.substituted for image in images if image and image.substituted}

    def exit_code(self, fail_on: str) -> int:
        """The code of the design: 0 well, 1 failed or findings, 3 this machine could not do it."""
        errors = [found for found in self.findings if found.severity is Severity.ERROR]
        if self.record.status is not ExecutionStatus.SUCCEEDED:
            return 3 if any(found.code.startswith("ST3") for found in errors) else 1
        if fail_on == "never":
            return 0
        return int(any(found.severity.at_least(Severity(fail_on)) for found in self.findings))


def run(parts: Parts, wishes: Wishes, control: Control, started: Started) -> Trial:
    """The whole trial of a definition; refused before anything starts if anything can be refused."""
    wishes = adopt_local_files(parts, wishes)
    flight = preflight(parts, wishes)
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
    )
    parts.records.add_findings(record.execution_id, flight.findings)
    services = _services(parts, wishes.engine, control)
    run_execution(record.execution_id, services, control=control, listener=started(record, flight.definition))
    return conclude(parts, record.execution_id)


def resume(parts: Parts, wanted: str, engine: str, control: Control, started: Started) -> Trial:
    """Go on with an execution; what had finished is kept."""
    record = parts.records.execution(wanted)
    definition = parse(record.definition)
    services = _services(parts, engine, control)
    resume_execution(record.execution_id, services, control=control, listener=started(record, definition))
    return conclude(parts, record.execution_id)


def conclude(parts: Parts, execution_id: str) -> Trial:
    """Register what was written, keep the manifest, judge the flow, and keep what was found."""
    trial = look(parts, execution_id)
    save_manifest(trial.registry, parts.store, STATE_BUCKET, parts.folder(trial.record.execution_id))
    findings = (*judge(trial.flow), *_substitutions(trial))
    parts.records.add_findings(trial.record.execution_id, findings)
    return look(parts, execution_id)


def look(parts: Parts, wanted: str) -> Trial:
    """An execution as it is now; the store is only asked if it is there."""
    record = parts.records.execution(wanted)
    definition = parse(record.definition)
    registry = registry_of(record, definition)
    store = parts.running_store
    flow = Flow(
        definition,
        build_graph(definition),
        record,
        registry,
        list_objects=store.list_objects if store else None,
        read=store.read if store else None,
    )
    return Trial(record, definition, registry, flow)


def _launch(parts: Parts, flight: Preflight) -> None:
    """The last look before the start: every input there, every image made."""
    missing = missing_inputs(flight.inputs)
    if missing:
        raise DefinitionError(missing, slug="missing-inputs")
    apply_seeds(parts.store, flight.seeds)
    make_images(parts, flight)


def _services(parts: Parts, engine_name: str, control: Control) -> ExecutionServices:
    engine = parts.engine(engine_name)
    return ExecutionServices(
        records=parts.records,
        settings=parts.settings,
        run_job=partial(run_job, engine=engine, listener=control.progress),
        stop_job=engine.stop,
        read_object=parts.store.read,
        clock=parts.clock,
        ids=RandomIds(),
    )


def run_job(request: JobRequest, *, engine: JobEngine, listener: JobListener) -> JobResult:
    """All that leaves the driver's thread."""
    return engine.run(request, listener)


def _substitutions(trial: Trial) -> Iterator[Finding]:
    for uri, difference in trial.substituted_images.items():
        users = [step.name for step in trial.record.steps if step.result and _requested(step.result) == uri]
        yield Finding(
            code="ST203",
            severity=Severity.NOTE,
            message=difference,
            where=uri,
            hint=KINDS["ST203"].remedy,
            step=users[0] if len(users) == 1 else None,
        )


def _requested(result: JobResult) -> str | None:
    return result.image.requested if result.image else None
