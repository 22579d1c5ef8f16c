"""What of an endpoint this engine cannot do: tables, JSON pointer to reason, asked before the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.reasons import Reason, given, list_matches, one_of
from seatrial.engines.serving.model import of_containers


def _isolated(value: object) -> str | None:
    """Network isolation: whoever asks the endpoint would not reach its containers."""
    return (
        "network isolation; nobody who asks the endpoint would reach its containers"
        if value is True
        else None
    )


def _named_alike(variants: Any) -> str | None:
    """Two variants of one name, which the service refuses."""
    names = [str(each.get("VariantName")) for each in variants if isinstance(each, Mapping)]
    twice = next((name for name in names if names.count(name) > 1), None)
    return f"two variants named {twice}" if twice else None


def _without_model(variant: Any) -> str | None:
    """A variant without a model, for inference components."""
    return None if variant.get("ModelName") else "a variant without a model, for inference components"


OF_CONFIG: dict[str, Reason] = {
    "/ProductionVariants": _named_alike,
    "/ProductionVariants/*": _without_model,
    "/AsyncInferenceConfig": given("asynchronous inference"),
    "/ExplainerConfig": given("explanations of predictions"),
    "/EnableNetworkIsolation": _isolated,
}
_SOURCE = "ModelDataSource/S3DataSource"
OF_MODEL: dict[str, Reason] = {
    "/EnableNetworkIsolation": _isolated,
    **of_containers(
        {
            f"{_SOURCE}/CompressionType": one_of(
                "None", reason="uncompressed model data; give a model.tar.gz"
            ),
            f"{_SOURCE}/S3DataType": one_of(
                "S3Prefix", reason="model data of many objects; give a model.tar.gz"
            ),
        }
    ),
}


def list_unsupported_of_config(config: Mapping[str, Any]) -> list[str]:
    """`<pointer>: <reason>` for everything in a CreateEndpointConfig request that cannot be hosted here."""
    return list_matches(OF_CONFIG, config)


def list_unsupported_of_hosted(model: Mapping[str, Any]) -> list[str]:
    """The same of a CreateModel request whose model an endpoint serves."""
    return list_matches(OF_MODEL, model)
