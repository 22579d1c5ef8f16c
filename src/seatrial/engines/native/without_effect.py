"""What of a request changes nothing here: one table like that of what is unsupported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.native.unsupported import Reason, given, one_of
from seatrial.ports.jobs import JobKind

_KMS = given("nothing is encrypted on this machine")
_VPC = given("containers are on a network of this machine")
_TRAFFIC = given("there is one container, so no traffic to encrypt")
_TAGS = given("tags are kept nowhere")
_EXPERIMENT = given("experiments are not recorded")


def _profiler(value: Any) -> str | None:
    return None if isinstance(value, Mapping) and value.get("DisableProfiler") else "nothing is profiled"


WITHOUT_EFFECT: dict[JobKind, dict[str, Reason]] = {
    "Processing": {
        "/ProcessingOutputConfig/KmsKeyId": _KMS,
        "/ProcessingOutputConfig/Outputs/*/S3Output/S3UploadMode": one_of(
            "Continuous", reason="uploaded once, when the container has ended, however it ended"
        ),
        "/ProcessingResources/ClusterConfig/VolumeKmsKeyId": _KMS,
        "/NetworkConfig/VpcConfig": _VPC,
        "/NetworkConfig/EnableInterContainerTrafficEncryption": _TRAFFIC,
        "/ExperimentConfig": _EXPERIMENT,
        "/Tags": _TAGS,
    },
    "Training": {
        "/AlgorithmSpecification/EnableSageMakerMetricsTimeSeries": given("only final metrics are kept"),
        "/InputDataConfig/*/ShuffleConfig": given("the order of files in a folder is the file system's"),
        "/OutputDataConfig/KmsKeyId": _KMS,
        "/ResourceConfig/VolumeKmsKeyId": _KMS,
        "/ResourceConfig/KeepAlivePeriodInSeconds": given("there is no warm pool"),
        "/ResourceConfig/TrainingPlanArn": given("there is no capacity to reserve"),
        "/VpcConfig": _VPC,
        "/EnableInterContainerTrafficEncryption": _TRAFFIC,
        "/EnableManagedSpotTraining": given("the job runs as if on demand and is never interrupted"),
        "/StoppingCondition/MaxWaitTimeInSeconds": given("there is no spot capacity to wait for"),
        # The SDK sends a hook without collections with every job: nothing is lost by ignoring that.
        "/DebugHookConfig/CollectionConfigurations": given("tensors of the debugger are not uploaded"),
        "/DebugRuleConfigurations": given("debugger rules are not evaluated"),
        "/TensorBoardOutputConfig": given("TensorBoard files are not uploaded"),
        "/ProfilerConfig": _profiler,
        "/ProfilerRuleConfigurations": given("profiler rules are not evaluated"),
        "/RetryStrategy": given("internal server errors of the service do not occur"),
        "/RemoteDebugConfig": given("`docker exec` opens a shell in a running container"),
        "/InfraCheckConfig": given("there is no infrastructure to check"),
        "/MlflowConfig": given("nothing is sent to an MLflow server"),
        "/ModelPackageConfig": given("no model package is made by the job itself"),
        "/ExperimentConfig": _EXPERIMENT,
        "/Tags": _TAGS,
    },
}
