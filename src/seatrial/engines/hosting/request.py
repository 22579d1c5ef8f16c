"""From an endpoint's configuration and models to what is hosted; touches neither Docker nor S3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.engines.hosting.unsupported import list_unsupported_of_config, list_unsupported_of_hosted
from seatrial.engines.job import RefusedJobError
from seatrial.engines.serving.model import Model, read_containers
from seatrial.ports.jobs import JobRequest

# The service gives a container four minutes, unless the variant says otherwise.
PING_SECONDS = 240.0


@dataclass(frozen=True)
class Variant:
    """One production variant: a model, how much of the traffic it gets, and how long it may take to start."""

    name: str
    model: Model
    instance_type: str
    weight: float
    ping_seconds: float
    direct: bool
    instances: int


@dataclass(frozen=True)
class Endpoint:
    """All that answers under one name."""

    name: str
    config_name: str
    variants: tuple[Variant, ...]


def read_endpoint(request: JobRequest) -> Endpoint:
    """The endpoint; raise `RefusedJobError` for what cannot be hosted."""
    plan = request.endpoint
    if plan is None:
        raise RefusedJobError(
            f'ValidationException: Could not find endpoint configuration "{_config_name(request)}".'
        )
    impossible = list_unsupported_of_config(plan.config)
    for name, model in plan.models.items():
        impossible += [f"{name}{line}" for line in list_unsupported_of_hosted(model)]
    if impossible:
        raise RefusedJobError(f"ValidationException: not supported here: {'; '.join(impossible)}")
    variants = tuple(
        _read_variant(variant, plan.models[variant["VariantName"]])
        for variant in plan.config["ProductionVariants"]
    )
    return Endpoint(str(request.parameters["EndpointName"]), str(_config_name(request)), variants)


def _config_name(request: JobRequest) -> object:
    return request.parameters.get("EndpointConfigName")


def _read_variant(variant: Mapping[str, Any], described: Mapping[str, Any]) -> Variant:
    execution = described.get("InferenceExecutionConfig") or {}
    return Variant(
        name=variant["VariantName"],
        model=read_containers(described),
        # A serverless variant has no instance.
        instance_type=str(variant.get("InstanceType", "")),
        weight=float(variant.get("InitialVariantWeight", 1.0)),
        ping_seconds=float(variant.get("ContainerStartupHealthCheckTimeoutInSeconds") or PING_SECONDS),
        direct=execution.get("Mode") == "Direct",
        instances=int(variant.get("InitialInstanceCount") or 1),
    )
