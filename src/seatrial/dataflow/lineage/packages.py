"""The model packages of an execution: their containers, and what lies behind each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.lineage.ancestry import ancestry_of
from seatrial.dataflow.lineage.model import (
    Lineage,
    LineageImage,
    LineageObject,
    ModelPackage,
    PackageContainer,
)
from seatrial.dataflow.lineage.steps import image_of
from seatrial.dataflow.lineage.stored import objects_now
from seatrial.ports.executions import StepRecord


def packages_of(flow: Flow, lineage: Lineage) -> tuple[ModelPackage, ...]:
    """Every package that a step registered, joined to what the lineage knows."""
    return tuple(_package(flow, lineage, step, arn) for step, arn in _registered(flow))


def _registered(flow: Flow) -> Iterator[tuple[StepRecord, str]]:
    for step in flow.told():
        arn = step.properties.get("ModelPackageArn")
        if step.type == "RegisterModel" and isinstance(arn, str) and arn:
            yield step, arn


def _package(flow: Flow, lineage: Lineage, step: StepRecord, arn: str) -> ModelPackage:
    behind = ancestry_of(lineage, step.name)
    return ModelPackage(
        step=step.name,
        arn=arn,
        containers=tuple(_container(flow, about) for about in _containers(step)),
        steps=behind.steps,
        decisions=behind.decisions,
        decision_steps=behind.decision_steps,
        sources=behind.sources(lineage),
    )


def _containers(step: StepRecord) -> Iterator[Mapping[str, Any]]:
    specification = step.properties.get("InferenceSpecification")
    listed = specification.get("Containers") if isinstance(specification, Mapping) else None
    for container in listed if isinstance(listed, list | tuple) else ():
        if isinstance(container, Mapping):
            yield container


def _container(flow: Flow, about: Mapping[str, Any]) -> PackageContainer:
    url, image = about.get("ModelDataUrl"), about.get("Image")
    model = _model(flow, url) if isinstance(url, str) else None
    return PackageContainer(
        model_data_url=url if isinstance(url, str) else None,
        etag=model.etag if model else None,
        size=model.size if model else None,
        image=image if isinstance(image, str) else None,
        ran=_ran(flow, image) if isinstance(image, str) else None,
    )


def _model(flow: Flow, url: str) -> LineageObject | None:
    """The model's archive as a step wrote it, else as it is now."""
    for step in flow.record.steps:
        for receipt in step.result.outputs if step.result else ():
            for stored in receipt.objects:
                if stored.uri == url:
                    return LineageObject(uri=stored.uri, size=stored.size, etag=stored.etag)
    return next((found for found in objects_now(flow, url) if found.uri == url), None)


def _ran(flow: Flow, requested: str) -> LineageImage | None:
    """What ran where this very image was named; None where none of the steps named it."""
    images = (step.result.image for step in flow.record.steps if step.result and step.result.image)
    return next((image_of(image) for image in images if image.requested == requested), None)
