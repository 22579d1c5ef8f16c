"""The containers of a model, those of a model package put in their place; serves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.errors import RecordError
from seatrial.records import ModelRegistry

# What a package's container tells of itself, in a model's words; the rest is about the package.
_MEMBERS = ("ContainerHostname", "Image", "ModelDataUrl", "ModelDataSource", "Environment")


def describe_served_model(name: str, registry: ModelRegistry) -> Mapping[str, Any]:
    """The DescribeModel response of a recorded model, each container with its own image and data.

    An unknown model or package is a `RecordError`.
    """
    described = dict(registry.describe_model(name))
    primary = described.get("PrimaryContainer") or {}
    if "ModelPackageName" not in primary:
        return described
    package = registry.describe_package(primary["ModelPackageName"])
    specified = (package.get("InferenceSpecification") or {}).get("Containers")
    if not specified:
        raise RecordError(
            "the model package says nothing of containers",
            slug="unknown-inference-specification",
            where=str(package["ModelPackageArn"]),
            hint="register it with an InferenceSpecification",
        )
    containers = [_of_package(container, primary) for container in specified]
    del described["PrimaryContainer"]
    return {**described, "Containers": containers}


def _of_package(container: Mapping[str, Any], primary: Mapping[str, Any]) -> dict[str, Any]:
    """The model's own environment wins over the package's."""
    found = {name: container[name] for name in _MEMBERS if name in container}
    found["Environment"] = {**(container.get("Environment") or {}), **(primary.get("Environment") or {})}
    return found
