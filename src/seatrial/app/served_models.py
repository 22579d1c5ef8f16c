"""The models that Transform steps name, looked at before the run: who made them, can they be served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from seatrial.app.parts import Parts
from seatrial.dataflow.codes import finding
from seatrial.definition import Json, ParameterValue, PipelineDefinition, Step
from seatrial.engines.serving.model import images_of_model, list_unsupported_of_model
from seatrial.errors import RecordError
from seatrial.execution.steps.transform import TRANSFORM, model_step_of, package_step_of
from seatrial.outputs import known_of, text_of
from seatrial.ports.findings import Finding


def unserved_models(
    parts: Parts,
    definition: PipelineDefinition,
    steps: Iterable[Step],
    bound: Mapping[str, ParameterValue],
) -> Iterator[Finding]:
    """One error for each model that nobody made, or that cannot be served."""
    known = known_of(definition, bound)
    for step in steps:
        if step.type != TRANSFORM.shape.type:
            continue
        maker = model_step_of(step, definition)
        if maker is not None:
            yield from _unsupported(maker, "", maker.arguments)
            package = package_step_of(maker, definition)
            if package is not None:
                yield from _unsupported(package, "/InferenceSpecification", _specification(package))
            continue
        name = text_of(step.arguments.get("ModelName", ""), known)
        if name.text and name.complete and not _is_recorded(parts, name.text):
            yield _unknown(step, name.text, definition)


def images_served(step: Step, definition: PipelineDefinition) -> tuple[Json, ...]:
    """The images of the model that a Transform step names; none where no step of this pipeline makes it."""
    maker = model_step_of(step, definition) if step.type == TRANSFORM.shape.type else None
    if maker is None:
        return ()
    package = package_step_of(maker, definition)
    return images_of_model(_specification(package) if package is not None else maker.arguments)


def _specification(package: Step) -> Mapping[str, Json]:
    """Its containers stand there as a model's do."""
    found = package.arguments.get("InferenceSpecification")
    return found if isinstance(found, Mapping) else {}


def _unsupported(maker: Step, place: str, model: Mapping[str, Json]) -> Iterator[Finding]:
    for line in list_unsupported_of_model(model):
        pointer, _, reason = line.partition(": ")
        where = f"{maker.pointer}/Arguments{place}{pointer}"
        yield finding("ST201", f"not supported here: {reason}", where=where, step=maker.name)


def _is_recorded(parts: Parts, name: str) -> bool:
    """Whether an earlier execution made it; without records there was none."""
    records = parts.existing_records
    if records is None:
        return False
    try:
        records.model_registry.describe_model(name)
    except RecordError:
        return False
    return True


def _unknown(step: Step, name: str, definition: PipelineDefinition) -> Finding:
    makers = [other.name for other in definition.all_steps() if other.type == "Model"]
    reference = f'{{"Get": "Steps.{makers[0] if makers else "MODEL-STEP"}.ModelName"}}'
    advice = "write" if makers else "let a Model step of this pipeline create it, and write"
    return finding(
        "ST203",
        f"no execution of this project made a model named {name!r}",
        where=f"{step.pointer}/Arguments/ModelName",
        hint=f"{advice} {reference}",
        step=step.name,
    )
