"""From a model as DescribeModel shows it to the containers that serve it; touches neither Docker nor S3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.engines.job import RefusedJobError
from seatrial.engines.locations import read_uri
from seatrial.engines.reasons import Reason, given, list_matches, one_of
from seatrial.ports.storage import S3Uri

MODEL = "/opt/ml/model"

_CONTAINER: dict[str, Reason] = {
    "Mode": one_of("MultiModel", reason="a container with many models; SingleModel is served"),
    "InferenceSpecificationName": given(
        "one of several inference specifications; the package's own is served"
    ),
    "AdditionalModelDataSources": given("additional model data; give one ModelDataUrl"),
}


def of_containers(reasons: Mapping[str, Reason]) -> dict[str, Reason]:
    """The reasons of a container's members, for each place where a container stands."""
    return {
        f"/{at}/{name}": reason
        for at in ("PrimaryContainer", "Containers/*")
        for name, reason in {**_CONTAINER, **reasons}.items()
    }


UNSUPPORTED: dict[str, Reason] = {
    "/InferenceExecutionConfig/Mode": one_of(
        "Direct", reason="containers that are asked one by one; a batch transform asks them in a row"
    ),
    **of_containers(
        {"ModelDataSource": given("ModelDataSource, which batch transform does not know; give ModelDataUrl")}
    ),
}


@dataclass(frozen=True)
class ModelContainer:
    """What is started, and what it finds in `/opt/ml/model` (None: nothing)."""

    name: str
    image_uri: str
    data: S3Uri | None
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Model:
    """One container, or several of which each answers with what the next is asked."""

    name: str
    containers: tuple[ModelContainer, ...]
    isolated: bool


def list_unsupported_of_model(model: Mapping[str, Any]) -> list[str]:
    """`<pointer>: <reason>` for everything in a CreateModel request that cannot be served here."""
    return list_matches(UNSUPPORTED, model)


def images_of_model(model: Mapping[str, Any]) -> tuple[Any, ...]:
    """The images that the request names, perhaps expressions."""
    return tuple(container["Image"] for _, container in _containers(model) if container.get("Image"))


def read_model(described: Mapping[str, Any]) -> Model:
    """The model of a transform; raise `RefusedJobError` for what cannot be served."""
    impossible = list_unsupported_of_model(described)
    if impossible:
        raise RefusedJobError(f"ValidationException: not supported here: {'; '.join(impossible)}")
    return read_containers(described)


def read_containers(described: Mapping[str, Any]) -> Model:
    """The model, by whomever it is asked."""
    containers = tuple(
        _read_container(number, pointer, container)
        for number, (pointer, container) in enumerate(_containers(described), start=1)
    )
    if not containers:
        raise RefusedJobError("ValidationException: the model has no container")
    return Model(
        name=str(described.get("ModelName", "")),
        containers=containers,
        isolated=bool(described.get("EnableNetworkIsolation")),
    )


def _read_container(number: int, pointer: str, container: Mapping[str, Any]) -> ModelContainer:
    """One without a name is called by its place, as in the service's logs."""
    if not container.get("Image"):
        raise RefusedJobError(f"ValidationException: the model names no image: {pointer}/Image is missing")
    source = (container.get("ModelDataSource") or {}).get("S3DataSource") or {}
    data = container.get("ModelDataUrl") or source.get("S3Uri")
    return ModelContainer(
        name=str(container.get("ContainerHostname") or f"container-{number}"),
        image_uri=container["Image"],
        data=read_uri(data, f"{pointer}/ModelDataUrl") if data else None,
        environment=dict(container.get("Environment") or {}),
    )


def _containers(model: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each with the place where it stands."""
    primary = model.get("PrimaryContainer")
    if isinstance(primary, Mapping):
        return [("/PrimaryContainer", primary)]
    several = model.get("Containers")
    return [
        (f"/Containers/{index}", container)
        for index, container in enumerate(several if isinstance(several, list) else [])
        if isinstance(container, Mapping)
    ]
