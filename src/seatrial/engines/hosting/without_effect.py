"""What of an endpoint this engine accepts and does otherwise: tables, pointer to reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.reasons import Reason, given, list_matches


def _instances(value: object) -> str | None:
    """More than one instance: one container of each answers for all."""
    several = isinstance(value, int) and value > 1
    return f"{value} instances; one container of each answers for all" if several else None


_MACHINE = given("there is no such machine to choose")

OF_ENDPOINT: dict[str, Reason] = {
    "/DeploymentConfig": given("an endpoint is there at once; nothing is shifted to it"),
}
OF_CONFIG: dict[str, Reason] = {
    "/DataCaptureConfig": given("nothing is captured"),
    "/ShadowProductionVariants": given("shadow variants are not started"),
    "/MetricsConfig": given("there are no metrics"),
    "/ProductionVariants/*/InitialInstanceCount": _instances,
    "/ProductionVariants/*/ServerlessConfig": given("the container runs all the time"),
    "/ProductionVariants/*/ManagedInstanceScaling": given("nothing is scaled"),
    "/ProductionVariants/*/RoutingConfig": given("there is one instance"),
    "/ProductionVariants/*/AcceleratorType": _MACHINE,
    "/ProductionVariants/*/InferenceAmiVersion": _MACHINE,
    "/ProductionVariants/*/CapacityReservationConfig": _MACHINE,
    "/ProductionVariants/*/ModelDataDownloadTimeoutInSeconds": given(
        "the model is downloaded as long as it takes"
    ),
}


def list_without_effect(parameters: Mapping[str, Any]) -> list[str]:
    """`<pointer>: <reason>` for each of a CreateEndpoint request; an expression counts as set."""
    return list_matches(OF_ENDPOINT, parameters, expressions=True)


def list_without_effect_of_config(config: Mapping[str, Any]) -> list[str]:
    """The same of a CreateEndpointConfig request."""
    return list_matches(OF_CONFIG, config, expressions=True)
