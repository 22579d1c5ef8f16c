"""The files that the service puts below `/opt/ml` before the container starts; knows no Docker.

Names, keys and their order follow the developer guide's samples.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from seatrial.engines.cluster import Cluster

PROCESSING_RESOURCES = "/opt/ml/config/resourceconfig.json"
TRAINING_RESOURCES = "/opt/ml/input/config/resourceconfig.json"
# To a container FastFile is a folder of files; the XGBoost container takes no other word for it.
_MODE_AS_TOLD = {"FastFile": "File"}


def processing_config_files(
    name: str, arn: str, parameters: Mapping[str, Any], max_runtime: int
) -> dict[str, str]:
    """What a processing container finds below `/opt/ml/config`."""
    return {
        "/opt/ml/config/processingjobconfig.json": json.dumps(
            _processing_job_config(name, arn, parameters, max_runtime)
        ),
    }


def _processing_job_config(
    name: str, arn: str, parameters: Mapping[str, Any], max_runtime: int
) -> dict[str, Any]:
    application = parameters["AppSpecification"]
    outputs = parameters.get("ProcessingOutputConfig") or {}
    cluster = parameters["ProcessingResources"]["ClusterConfig"]
    return {
        "ProcessingJobArn": arn,
        "ProcessingJobName": name,
        "AppSpecification": {
            "ImageUri": application["ImageUri"],
            "ContainerEntrypoint": application.get("ContainerEntrypoint"),
            "ContainerArguments": application.get("ContainerArguments"),
        },
        "Environment": dict(parameters.get("Environment") or {}),
        "ProcessingInputs": [_processing_input(item) for item in parameters.get("ProcessingInputs") or []],
        "ProcessingOutputConfig": {
            "Outputs": [_processing_output(item) for item in outputs.get("Outputs") or []],
            "KmsKeyId": outputs.get("KmsKeyId"),
        },
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": cluster.get("InstanceCount", 1),
                "InstanceType": cluster["InstanceType"],
                "VolumeSizeInGB": cluster["VolumeSizeInGB"],
                "VolumeKmsKeyId": cluster.get("VolumeKmsKeyId"),
            }
        },
        "RoleArn": parameters["RoleArn"],
        "StoppingCondition": {"MaxRuntimeInSeconds": max_runtime},
    }


def _processing_input(item: Mapping[str, Any]) -> dict[str, Any]:
    source = item["S3Input"]
    return {
        "InputName": item["InputName"],
        "S3Input": {
            "LocalPath": source.get("LocalPath"),
            "S3Uri": source["S3Uri"],
            "S3DataDistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
            "S3DataType": source["S3DataType"],
            "S3InputMode": source.get("S3InputMode", "File"),
            "S3CompressionType": source.get("S3CompressionType", "None"),
            # Not in the API's model, but in the guide's sample of this file.
            "S3DownloadMode": "StartOfJob",
        },
    }


def _processing_output(item: Mapping[str, Any]) -> dict[str, Any]:
    target = item["S3Output"]
    return {
        "OutputName": item["OutputName"],
        "S3Output": {key: target.get(key) for key in ("LocalPath", "S3Uri", "S3UploadMode")},
    }


def training_config_files(parameters: Mapping[str, Any], checkpoint_path: str | None) -> dict[str, str]:
    """What a training container finds below `/opt/ml/input/config`."""
    folder = "/opt/ml/input/config"
    files = {
        f"{folder}/hyperparameters.json": hyperparameters(parameters.get("HyperParameters") or {}),
        f"{folder}/inputdataconfig.json": input_data_config(parameters),
    }
    if checkpoint_path:
        # The XGBoost container looks for this file to know where its checkpoints go.
        checkpoint = {"S3Uri": parameters["CheckpointConfig"]["S3Uri"], "LocalPath": checkpoint_path}
        files[f"{folder}/checkpointconfig.json"] = json.dumps(checkpoint)
    return files


def hyperparameters(values: Mapping[str, Any]) -> str:
    """A flat object in which every value is a string."""
    return json.dumps(
        {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
    )


def input_data_config(parameters: Mapping[str, Any]) -> str:
    """An object keyed by channel; not the request's list, and without S3 URIs."""
    default_mode = parameters["AlgorithmSpecification"].get("TrainingInputMode", "File")
    channels: Sequence[Mapping[str, Any]] = parameters.get("InputDataConfig") or []
    return json.dumps({channel["ChannelName"]: _channel(channel, default_mode) for channel in channels})


def _channel(channel: Mapping[str, Any], default_mode: str) -> dict[str, str]:
    source = channel["DataSource"]["S3DataSource"]
    mode = channel.get("InputMode") or default_mode
    content_type = {"ContentType": channel["ContentType"]} if channel.get("ContentType") else {}
    return {
        **content_type,
        "TrainingInputMode": _MODE_AS_TOLD.get(mode, mode),
        "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
        "RecordWrapperType": channel.get("RecordWrapperType") or "None",
    }


def resource_config(cluster: Cluster, host: str) -> str:
    """Who is in the cluster, as one of its hosts is told.

    Of processing jobs the guide shows current_host and hosts only; the shape of training jobs holds both and
    is what tools read.
    """
    group = cluster.group_of(host)
    return json.dumps(
        {
            "current_host": host,
            "current_instance_type": group.instance_type,
            # The toolkit's docstring says current_instance_group; what it reads, and what was seen, is this.
            "current_group_name": group.name,
            "hosts": sorted(cluster.hosts),
            "instance_groups": [
                {
                    "instance_group_name": each.name,
                    "instance_type": each.instance_type,
                    "hosts": list(each.hosts),
                }
                for each in cluster.groups
            ],
            "network_interface_name": "eth0",
        }
    )
