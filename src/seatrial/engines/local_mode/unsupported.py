"""What of a request local mode cannot do, or drops so that the result would lie: asked before anything runs.

Local mode itself refuses a few of these, in the middle of a run; most it does not look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.reasons import Reason, given, list_matches, one_of, regex, several_instances
from seatrial.ports.jobs import JobKind

_INPUT_MODE = one_of("Pipe", "FastFile", reason="input mode {value}; local mode gives files")
_DATA_TYPE = one_of(
    "ManifestFile",
    "AugmentedManifestFile",
    "Converse",
    reason="data type {value}; local mode takes it for a prefix",
)
_SHARDED = one_of("ShardedByS3Key", reason="sharded inputs; local mode refuses them")
_NETWORK = given("network isolation; local mode leaves the container its network")


def _arguments_alone(specification: Any) -> str | None:
    """`ContainerArguments` without a `ContainerEntrypoint`, which local mode drops or fails over."""
    alone = specification.get("ContainerArguments") and not specification.get("ContainerEntrypoint")
    return (
        "ContainerArguments without a ContainerEntrypoint; local mode drops them or fails" if alone else None
    )


def _whole_bucket(uri: Any) -> str | None:
    """A whole bucket; local mode needs a key or a prefix in it."""
    whole = not str(uri).removeprefix("s3://").partition("/")[2]
    return "a whole bucket; local mode needs a key or a prefix in it" if whole else None


def _not_for_compose(value: Any) -> str | None:
    """A name with `:`, `$` or `..`, which Docker Compose reads as more than a path."""
    odd = [sign for sign in (":", "$", "..") if sign in str(value)]
    return f"{odd[0]!r} in a name that Docker Compose reads as a path" if odd else None


UNSUPPORTED: dict[JobKind, dict[str, Reason]] = {
    "Processing": {
        "/AppSpecification": _arguments_alone,
        "/NetworkConfig/EnableNetworkIsolation": _NETWORK,
        "/ProcessingInputs/*/AppManaged": given("inputs that the application fetches itself"),
        "/ProcessingInputs/*/DatasetDefinition": given("Athena and Redshift inputs"),
        "/ProcessingInputs/*/S3Input/LocalPath": _not_for_compose,
        "/ProcessingInputs/*/S3Input/S3DataType": _DATA_TYPE,
        "/ProcessingInputs/*/S3Input/S3DataDistributionType": _SHARDED,
        "/ProcessingInputs/*/S3Input/S3InputMode": _INPUT_MODE,
        "/ProcessingInputs/*/S3Input/S3Uri": _whole_bucket,
        "/ProcessingInputs/*/S3Input/S3CompressionType": one_of(
            "Gzip", reason="Gzip inputs (Pipe mode only)"
        ),
        "/ProcessingOutputConfig/Outputs/*/AppManaged": given("outputs that the application uploads itself"),
        "/ProcessingOutputConfig/Outputs/*/FeatureStoreOutput": given("outputs into a feature store"),
        "/ProcessingOutputConfig/Outputs/*/OutputName": _not_for_compose,
        "/ProcessingOutputConfig/Outputs/*/S3Output/LocalPath": _not_for_compose,
        "/ProcessingOutputConfig/Outputs/*/S3Output/S3Uri": _whole_bucket,
        "/ProcessingOutputConfig/Outputs/*/S3Output/S3UploadMode": one_of(
            "Continuous", reason="continuous upload; local mode uploads at the end only"
        ),
        "/ProcessingResources/ClusterConfig/InstanceCount": several_instances,
        "/ProcessingResources/ClusterConfig/InstancePreferences": given("a choice of instance types"),
    },
    "Training": {
        "/AlgorithmSpecification": _arguments_alone,
        "/AlgorithmSpecification/AlgorithmName": given("algorithms by name; give TrainingImage"),
        "/AlgorithmSpecification/MetricDefinitions/*/Regex": regex,
        "/AlgorithmSpecification/TrainingInputMode": _INPUT_MODE,
        "/CheckpointConfig": given("checkpoints; local mode neither restores nor keeps them"),
        "/EnableNetworkIsolation": _NETWORK,
        "/InputDataConfig/*/CompressionType": one_of("Gzip", reason="Gzip channels (Pipe mode only)"),
        "/InputDataConfig/*/DataSource/DatasetSource": given("data sets by ARN"),
        "/InputDataConfig/*/DataSource/FileSystemDataSource": given("file systems as inputs"),
        "/InputDataConfig/*/DataSource/S3DataSource/S3DataDistributionType": _SHARDED,
        "/InputDataConfig/*/DataSource/S3DataSource/S3DataType": _DATA_TYPE,
        "/InputDataConfig/*/DataSource/S3DataSource/S3Uri": _whole_bucket,
        "/InputDataConfig/*/InputMode": _INPUT_MODE,
        "/InputDataConfig/*/RecordWrapperType": one_of("RecordIO", reason="RecordIO (Pipe mode only)"),
        "/OutputDataConfig/CompressionType": one_of("NONE", reason="uncompressed model artifacts"),
        "/ResourceConfig/InstanceCount": several_instances,
        "/ResourceConfig/InstanceGroups": given("instance groups"),
        "/ResourceConfig/InstancePreferences": given("a choice of instance types"),
        "/ServerlessJobConfig": given("serverless training"),
    },
}


def list_unsupported(kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
    """`<pointer>: <reason>` for everything that cannot be done."""
    if kind not in UNSUPPORTED:
        what = "an endpoint" if kind == "Endpoint" else f"a {kind.lower()} job"
        return [f": {what}; processing and training go through local mode here"]
    return list_matches(UNSUPPORTED[kind], parameters)
