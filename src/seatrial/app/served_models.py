"""The models that steps name, looked at before the run: who made them, can they be served."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from seatrial.app.parts import Parts
from seatrial.app.pointed import is_recorded, refusals
from seatrial.dataflow.codes import finding
from seatrial.definition import Json, ParameterValue, PipelineDefinition, Step
from seatrial.engines.hosting.desk import IMAGE as DESK_IMAGE
from seatrial.engines.hosting.unsupported import list_unsupported_of_hosted
from seatrial.engines.serving.model import images_of_model, list_unsupported_of_model
from seatrial.execution.steps.clarify_check import CLARIFY_CHECK
from seatrial.execution.steps.endpoint import ENDPOINT, config_step_of, variants_of
from seatrial.execution.steps.transform import TRANSFORM, model_step_of, package_step_of
from seatrial.outputs import known_of, text_of
from seatrial.ports.findings import Finding


@dataclass(frozen=True)
class NamedModel:
    """A model that a step names: how, where, and what of such a model cannot be served there."""

    step: Step
    value: Json
    pointer: str
    unsupported: Callable[[Mapping[str, Json]], list[str]]


def named_models(step: Step, definition: PipelineDefinition) -> Iterator[NamedModel]:
    """The model of a Transform step or Clarify check, those of an Endpoint's variants; else none."""
    if step.type == TRANSFORM.shape.type:
        pointer = f"{step.pointer}/Arguments/ModelName"
        yield NamedModel(step, step.arguments.get("ModelName", ""), pointer, list_unsupported_of_model)
    if step.type == CLARIFY_CHECK.shape.type and step.raw.get("ModelName") is not None:
        pointer = f"{step.pointer}/ModelName"
        yield NamedModel(step, step.raw["ModelName"], pointer, list_unsupported_of_hosted)
    config = config_step_of(step, definition) if step.type == ENDPOINT.shape.type else None
    if config is not None:
        for pointer, variant in variants_of(config):
            value = variant.get("ModelName", "")
            yield NamedModel(config, value, f"{pointer}/ModelName", list_unsupported_of_hosted)


def unserved_models(
    parts: Parts,
    definition: PipelineDefinition,
    steps: Iterable[Step],
    bound: Mapping[str, ParameterValue],
) -> Iterator[Finding]:
    """One error for each model that nobody made, or that cannot be served."""
    known = known_of(definition, bound)
    for named in (each for step in steps for each in named_models(step, definition)):
        maker = model_step_of(named.value, definition)
        if maker is not None:
            yield from refusals(maker, named.unsupported(maker.arguments))
            package = package_step_of(maker, definition)
            if package is not None:
                unsupported = named.unsupported(_specification(package))
                yield from refusals(package, unsupported, "/InferenceSpecification")
                yield from _empty(package)
            continue
        name = text_of(named.value, known)
        if name.text and name.complete and not _is_recorded(parts, name.text):
            yield _unknown(named, name.text, definition)


def images_served(step: Step, definition: PipelineDefinition) -> tuple[Json, ...]:
    """The images of the models that the step names, as far as steps of this pipeline make them."""
    makers = [model_step_of(named.value, definition) for named in named_models(step, definition)]
    found: list[Json] = []
    for maker in makers:
        package = package_step_of(maker, definition) if maker is not None else None
        if package is not None:
            found += images_of_model(_specification(package))
        elif maker is not None:
            found += images_of_model(maker.arguments)
    asked_at_desk = step.type == ENDPOINT.shape.type or (found and step.type == CLARIFY_CHECK.shape.type)
    return (*found, DESK_IMAGE) if asked_at_desk else tuple(found)


def _specification(package: Step) -> Mapping[str, Json]:
    """Its containers stand there as a model's do."""
    found = package.arguments.get("InferenceSpecification")
    return found if isinstance(found, Mapping) else {}


def _empty(package: Step) -> Iterator[Finding]:
    if package.arguments.get("InferenceSpecification") is None:
        yield finding(
            "ST201",
            "not supported here: a package without containers; there is nothing to serve",
            where=f"{package.pointer}/Arguments/InferenceSpecification",
            step=package.name,
        )


def _is_recorded(parts: Parts, name: str) -> bool:
    return is_recorded(parts, lambda records: records.model_registry.describe_model(name))


def _unknown(named: NamedModel, name: str, definition: PipelineDefinition) -> Finding:
    makers = [other.name for other in definition.all_steps() if other.type == "Model"]
    reference = f'{{"Get": "Steps.{makers[0] if makers else "MODEL-STEP"}.ModelName"}}'
    advice = "write" if makers else "let a Model step of this pipeline create it, and write"
    return finding(
        "ST203",
        f"no execution of this project made a model named {name!r}",
        where=named.pointer,
        hint=f"{advice} {reference}",
        step=named.step.name,
    )
