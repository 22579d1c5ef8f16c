"""AWS's service model as the type system of requests and responses; the only module that knows botocore."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, cast

from seatrial.definition.model import Json
from seatrial.definition.requests.patterns import compiled
from seatrial.definition.requests.rules import violations
from seatrial.definition.requests.shapes import Shape
from seatrial.errors import RefusedError
from seatrial.ports.findings import Finding

if TYPE_CHECKING:
    from botocore.model import ServiceModel


def validate_request(operation: str, parameters: Mapping[str, Json], *, pointer: str = "") -> list[Finding]:
    """What the service would refuse in this resolved Create* request, all of it."""
    return list(violations(parameters, request_shape(operation), pointer))


def request_shape(operation: str) -> Shape:
    """The input shape of an operation, `CreateProcessingJob` for example."""
    service = _service()
    if operation not in service.operation_names:
        raise _unknown("operation", operation)
    return cast("Shape", service.operation_model(operation).input_shape)


def longest_name(operation: str, member: str) -> int | None:
    """How long the name of the new resource may be, None if the model sets no limit."""
    limit: int | None = request_shape(operation).members[member].metadata.get("max")
    return limit


def named_shape(name: str) -> Shape:
    """A shape by its own name, `DescribeProcessingJobResponse` for example."""
    service = _service()
    if name not in service.shape_names:
        raise _unknown("shape", name)
    return cast("Shape", service.shape_for(name))


def project(shape_name: str, document: Mapping[str, Json]) -> dict[str, Json]:
    """The document without nulls and members that the shape does not know: responses have neither."""
    return cast("dict[str, Json]", _projected(document, named_shape(shape_name)))


def uncompiled_patterns() -> dict[str, str]:
    """Shape name to pattern, for patterns in a dialect that Python lacks: those are not checked."""
    shapes = {name: _service().shape_for(name) for name in _service().shape_names}
    patterns = {name: shape.metadata.get("pattern") for name, shape in shapes.items()}
    return {name: text for name, text in patterns.items() if text and compiled(text) is None}


@cache
def _service() -> ServiceModel:
    # Imported here because botocore takes longer to import than everything else in this room together.
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")


def _projected(value: Json, shape: Shape) -> Json:
    if shape.type_name == "structure" and isinstance(value, Mapping):
        known = {
            name: member for name, member in value.items() if name in shape.members and member is not None
        }
        return {name: _projected(member, shape.members[name]) for name, member in known.items()}
    if shape.type_name == "map" and isinstance(value, Mapping):
        return {key: _projected(member, shape.value) for key, member in value.items()}
    if shape.type_name == "list" and isinstance(value, list | tuple):
        return [_projected(item, shape.member) for item in value]
    return value


def _unknown(kind: str, name: str) -> RefusedError:
    return RefusedError(
        f"AWS's service model has no {kind} {name!r}",
        slug=f"unknown-{kind}",
        hint="correct the step type's shape, or install a botocore that knows it: pip install -U botocore",
    )
