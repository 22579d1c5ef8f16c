"""From a Create* request to what the SDK's local client takes; touches nothing.

Docker Compose reads `$` in its file as the start of a variable, and the SDK does not tell it otherwise.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from seatrial.ports.jobs import JobRequest
from seatrial.ports.storage import StoreAddress
from seatrial.runners.labels import EXECUTION_LABEL, JOB_LABEL, LABEL, RUNNER_LABEL, STEP_LABEL


def members(request: JobRequest, image: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """The keyword arguments of `create_processing_job` or `create_training_job`."""
    asked: dict[str, Any] = copy.deepcopy(dict(request.parameters))
    asked[f"{request.kind}JobName"] = request.name
    if request.kind == "Processing":
        specification, named = asked["AppSpecification"], "ImageUri"
        cluster = asked["ProcessingResources"]["ClusterConfig"]
    else:
        specification, named = asked["AlgorithmSpecification"], "TrainingImage"
        cluster = asked["ResourceConfig"]
    specification[named] = image
    cluster.setdefault("InstanceCount", 1)  # optional by the model, and read without a look
    for part in ("ContainerEntrypoint", "ContainerArguments"):
        if specification.get(part):
            specification[part] = [_literal(each) for each in specification[part]]
    own = asked.get("Environment") or {}
    asked["Environment"] = {name: _literal(value) for name, value in {**environment, **own}.items()}
    return asked


def environment(address: StoreAddress, *, set_default_region: bool) -> dict[str, str]:
    """What every container needs to find the store; the SDK adds the keys."""
    region = {"AWS_DEFAULT_REGION": address.region} if set_default_region else {}
    return {
        "AWS_REGION": address.region,
        **region,
        "AWS_ENDPOINT_URL_S3": address.container_endpoint_url,
        "S3_ENDPOINT_URL": address.container_endpoint_url,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def container_config(request: JobRequest, address: StoreAddress) -> dict[str, Any]:
    """What goes into the compose file beside the SDK's own: labels to find containers by, extra hosts."""
    labels = {
        LABEL: "local-mode",
        RUNNER_LABEL: "local-mode",
        **job_labels(request),
        STEP_LABEL: request.step_name,
    }
    hosts = [f"{name}:{place}" for name, place in address.hosts.items()]
    return {"labels": labels, **({"extra_hosts": hosts} if hosts else {})}


def job_labels(request: JobRequest) -> dict[str, str]:
    """By these the containers of this job are found."""
    return {EXECUTION_LABEL: request.execution_id, JOB_LABEL: request.name}


def _literal(text: str) -> str:
    return text.replace("$", "$$")
