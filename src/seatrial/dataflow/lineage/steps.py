"""What did each step's work: its job, image, code and settings, or where its outcome was taken over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.lineage.code import code_of, settings_sha256
from seatrial.dataflow.lineage.model import LineageEntry, LineageImage, LineageStep, LineageValue
from seatrial.definition import PropertyPath, look_up
from seatrial.errors import ExpressionError
from seatrial.ports.executions import StepRecord
from seatrial.ports.images import LocalImage


def steps_of(flow: Flow, entries: Iterable[LineageEntry]) -> tuple[LineageStep, ...]:
    """Every step that started, in that order."""
    code: dict[str, list[LineageEntry]] = {}
    for entry in entries:
        if entry.kind == "code":
            code.setdefault(entry.to_step, []).append(entry)
    return tuple(_step(flow, step, code.get(step.name, ())) for step in flow.record.steps)


def values_of(flow: Flow, entries: Iterable[LineageEntry]) -> tuple[LineageValue, ...]:
    """Every property that a step was given and that is not already a flow between the two."""
    known = {(entry.from_step, entry.from_output, entry.to_step) for entry in entries}
    names = {step.name for step in flow.told()}
    found: dict[tuple[str, str, str], LineageValue] = {}
    for edge in flow.graph.edges:
        path = edge.property_path
        if edge.kind != "data" or path is None or edge.downstream not in names:
            continue
        output = flow.plan.referred(edge.upstream, path)
        if path.startswith("PropertyFiles.") or (output and (*output, edge.downstream) in known):
            continue
        found[edge.upstream, path, edge.downstream] = LineageValue(
            from_step=edge.upstream,
            property_path=path,
            to_step=edge.downstream,
            value=_value(flow.record.step(edge.upstream), path),
        )
    return tuple(found.values())


def image_of(image: LocalImage) -> LineageImage:
    """The image as lineage tells it."""
    return LineageImage(
        requested=image.requested,
        reference=image.reference,
        image_id=image.image_id,
        substituted=image.substituted,
    )


def _step(flow: Flow, step: StepRecord, code: Iterable[LineageEntry]) -> LineageStep:
    image = step.result.image if step.result else None
    best = step.properties.get("BestTrainingJob")
    return LineageStep(
        name=step.name,
        type=step.type,
        status=step.status.value,
        attempts=step.attempts,
        job_name=step.job_name,
        arn=next(_arns(step), None),
        best_job=best.get("TrainingJobName") if isinstance(best, Mapping) else None,
        started_at=step.started_at,
        ended_at=step.ended_at,
        image=image_of(image) if image else None,
        code=code_of(flow, step, tuple(code)),
        settings_sha256=settings_sha256(flow, step),
        reused_from=step.reuse.source_id if step.reuse else None,
        reuse=step.reuse.kind.value if step.reuse else None,
        substitute=step.substitute,
    )


def _arns(step: StepRecord) -> Iterator[str]:
    """The ARN of the job, as ListPipelineExecutionSteps has it."""
    for about in step.metadata.values():
        arn = about.get("Arn") if isinstance(about, Mapping) else None
        if isinstance(arn, str):
            yield arn


def _value(step: StepRecord | None, path: str) -> str | None:
    if step is None:
        return None
    try:
        value = look_up(step.properties, PropertyPath.parse(path))
    except ExpressionError:
        return None
    return None if isinstance(value, Mapping | list | tuple) else str(value)
