"""From a model as DescribeModel shows it to the container that serves it; touches neither Docker nor S3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.engines.job import RefusedJobError
from seatrial.engines.locations import read_uri
from seatrial.engines.reasons import Reason, given, list_matches, one_of
from seatrial.ports.storage import S3Uri

MODEL = "/opt/ml/model"

# `Containers` of one entry is a model like any other.
_CONTAINER: dict[str, Reason] = {
    "Mode": one_of("MultiModel", reason="a container with many models; SingleModel is served"),
    "ModelDataSource": given("ModelDataSource, which batch transform does not know; give ModelDataUrl"),
    "InferenceSpecificationName": given(
        "one of several inference specifications; the package's own is served"
    ),
    "AdditionalModelDataSources": given("additional model data; give one ModelDataUrl"),
}


def _several(value: object) -> str | None:
    """A model of several containers, one after another; one container is served."""
    several = isinstance(value, list) and len(value) > 1
    return "a model of several containers, one after another; one container is served" if several else None


UNSUPPORTED: dict[str, Reason] = {
    "/Containers": _several,
    **{
        f"/{at}/{name}": reason
        for at in ("PrimaryContainer", "Containers/*")
        for name, reason in _CONTAINER.items()
    },
}


@dataclass(frozen=True)
class Model:
    """What is started, and what it finds in `/opt/ml/model` (None: nothing)."""

    name: str
    image_uri: str
    data: S3Uri | None
    environment: Mapping[str, str]
    isolated: bool


def list_unsupported_of_model(model: Mapping[str, Any]) -> list[str]:
    """`<pointer>: <reason>` for everything in a CreateModel request that cannot be served here."""
    return list_matches(UNSUPPORTED, model)


def image_of_model(model: Mapping[str, Any]) -> Any:
    """The image that the request names, perhaps an expression; None where it names none."""
    return _container(model).get("Image")


def read_model(described: Mapping[str, Any]) -> Model:
    """The model's one container; raise `RefusedJobError` for what cannot be served."""
    impossible = list_unsupported_of_model(described)
    if impossible:
        raise RefusedJobError(f"ValidationException: not supported here: {'; '.join(impossible)}")
    container = _container(described)
    if not container.get("Image"):
        raise RefusedJobError(
            "ValidationException: the model names no image: /PrimaryContainer/Image is missing"
        )
    data = container.get("ModelDataUrl")
    return Model(
        name=str(described.get("ModelName", "")),
        image_uri=container["Image"],
        data=read_uri(data, "/PrimaryContainer/ModelDataUrl") if data else None,
        environment=dict(container.get("Environment") or {}),
        isolated=bool(described.get("EnableNetworkIsolation")),
    )


def _container(model: Mapping[str, Any]) -> Mapping[str, Any]:
    primary = model.get("PrimaryContainer")
    if isinstance(primary, Mapping):
        return primary
    several = model.get("Containers")
    first = several[0] if isinstance(several, list) and several else {}
    return first if isinstance(first, Mapping) else {}
