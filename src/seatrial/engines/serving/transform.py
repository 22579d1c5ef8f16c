"""From a CreateTransformJob request to the transform that this engine runs; touches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.engines.job import RefusedJobError
from seatrial.engines.locations import read_uri, required
from seatrial.engines.reading import DataType
from seatrial.engines.serving.associating import Association
from seatrial.engines.serving.dialogue import Asking
from seatrial.engines.serving.json_path import JsonPathError, parse_json_path
from seatrial.engines.serving.limits import IN_CAPITALS
from seatrial.ports.jobs import JobRequest
from seatrial.ports.storage import S3Uri
from seatrial.settings import FidelitySettings

# The service's own defaults for ModelClientConfig.
_TIMEOUT_SECONDS, _RETRIES = 600, 3
_MOST_MEGABYTES = 100


@dataclass(frozen=True)
class Transform:
    """What is read, how it is asked about, where answers go; `association` None keeps them as they are."""

    source: S3Uri
    data_type: DataType
    target: S3Uri
    split_type: str
    compressed: bool
    assemble_with: str
    environment: Mapping[str, str]
    instance_type: str
    asking: Asking
    association: Association | None


def read_transform(request: JobRequest, fidelity: FidelitySettings) -> Transform:
    """The transform; raise `RefusedJobError` for what CreateTransformJob would refuse."""
    parameters = request.parameters
    refused = contradictions(parameters)
    if refused:
        raise RefusedJobError(f"ValidationException: {'; '.join(refused)}")
    source, target = required(parameters, "/TransformInput"), required(parameters, "/TransformOutput")
    at = "/TransformInput/DataSource/S3DataSource"
    return Transform(
        source=read_uri(required(parameters, at)["S3Uri"], f"{at}/S3Uri"),
        data_type=parameters["TransformInput"]["DataSource"]["S3DataSource"].get("S3DataType") or "S3Prefix",
        target=read_uri(target["S3OutputPath"], "/TransformOutput/S3OutputPath"),
        split_type=source.get("SplitType") or "None",
        compressed=source.get("CompressionType") == "Gzip",
        assemble_with=target.get("AssembleWith") or "None",
        environment={**_told(parameters), **(parameters.get("Environment") or {})},
        instance_type=required(parameters, "/TransformResources/InstanceType"),
        asking=_asking(parameters),
        association=_association(parameters, fidelity),
    )


def contradictions(parameters: Mapping[str, Any]) -> list[str]:
    """Members that the service does not accept together; expressions contradict nothing."""
    source, target = parameters.get("TransformInput") or {}, parameters.get("TransformOutput") or {}
    found = []
    concurrent, megabytes = parameters.get("MaxConcurrentTransforms"), parameters.get("MaxPayloadInMB")
    if (
        isinstance(concurrent, int)
        and isinstance(megabytes, int)
        and concurrent * megabytes > _MOST_MEGABYTES
    ):
        found.append(
            f"/MaxPayloadInMB: {concurrent} concurrent transforms of {megabytes} MB are more than the "
            f"{_MOST_MEGABYTES} MB that the service allows together"
        )
    if (parameters.get("DataProcessing") or {}).get("JoinSource") == "Input":
        found += _of_a_join(source, target)
    return found


def _of_a_join(source: Mapping[str, Any], target: Mapping[str, Any]) -> list[str]:
    found = []
    if _differ(source.get("ContentType"), target.get("Accept")):
        found.append("/DataProcessing/JoinSource: a join needs an Accept that equals the ContentType")
    if _differ(source.get("SplitType") or "None", target.get("AssembleWith") or "None"):
        found.append("/DataProcessing/JoinSource: a join needs an AssembleWith that equals the SplitType")
    return found


def _differ(one: object, other: object) -> bool:
    return one != other and not isinstance(one, Mapping) and not isinstance(other, Mapping)


def _told(parameters: Mapping[str, Any]) -> dict[str, str]:
    """What the container is told of the job: what the request does not set is not told either."""
    strategy = parameters.get("BatchStrategy")
    told = {
        "SAGEMAKER_MAX_PAYLOAD_IN_MB": parameters.get("MaxPayloadInMB"),
        "SAGEMAKER_BATCH_STRATEGY": IN_CAPITALS.get(str(strategy), strategy),
        "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": parameters.get("MaxConcurrentTransforms"),
    }
    return {
        "SAGEMAKER_BATCH": "true",
        **{name: str(value) for name, value in told.items() if value is not None},
    }


def _asking(parameters: Mapping[str, Any]) -> Asking:
    client = parameters.get("ModelClientConfig") or {}
    headers = {
        "Content-Type": parameters["TransformInput"].get("ContentType"),
        "Accept": parameters["TransformOutput"].get("Accept"),
    }
    return Asking(
        headers={name: value for name, value in headers.items() if value},
        timeout_seconds=float(client.get("InvocationsTimeoutInSeconds", _TIMEOUT_SECONDS)),
        retries=int(client.get("InvocationsMaxRetries", _RETRIES)),
    )


def _association(parameters: Mapping[str, Any], fidelity: FidelitySettings) -> Association | None:
    processing = parameters.get("DataProcessing")
    if not processing:
        return None
    source, target = parameters["TransformInput"], parameters["TransformOutput"]
    paths = []
    for name in ("InputFilter", "OutputFilter"):
        try:
            paths.append(
                parse_json_path(
                    processing.get(name) or "$", ends_included=fidelity.transform_slices_include_end
                )
            )
        except JsonPathError as unknown:
            raise RefusedJobError(f"ValidationException: /DataProcessing/{name}: {unknown}") from unknown
    return Association(
        input_filter=paths[0],
        output_filter=paths[1],
        joins=processing.get("JoinSource") == "Input",
        content_type=source.get("ContentType"),
        accept=target.get("Accept"),
        by_line=(source.get("SplitType") or "None") == "Line",
    )
