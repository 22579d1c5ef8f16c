"""What of a request this engine accepts and does otherwise, or not at all: one table, pointer to reason.

Settings that mean nothing on any one machine (keys, networks, tags) are not this engine's to tell of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.reasons import Reason, given, list_matches, one_of
from seatrial.ports.jobs import JobKind

_NO_GPU = "{value}; no container here has a GPU, so XGBoost runs on the CPU"
_FAST_FILE = one_of(
    "FastFile",
    reason="the same read-only files, but all of them are there before the start: nothing is streamed",
)

WITHOUT_EFFECT: dict[JobKind, dict[str, Reason]] = {
    "Processing": {},
    "Training": {
        "/AlgorithmSpecification/TrainingInputMode": _FAST_FILE,
        "/AlgorithmSpecification/EnableSageMakerMetricsTimeSeries": given("only final metrics are kept"),
        # By their plain text: a script's hyperparameters are JSON, and it may do with them what it likes.
        "/HyperParameters/predictor": one_of("gpu_predictor", reason=_NO_GPU),
        "/HyperParameters/tree_method": one_of("gpu_hist", reason=_NO_GPU),
        "/HyperParameters/use_dask_gpu_training": one_of("true", reason=_NO_GPU),
        "/InputDataConfig/*/InputMode": _FAST_FILE,
        "/InputDataConfig/*/ShuffleConfig": given("a folder has no order of files (pipes have)"),
        "/ResourceConfig/TrainingPlanArn": given("there is no capacity to reserve"),
        "/RemoteDebugConfig": given("`docker exec` opens a shell in a running container"),
        "/InfraCheckConfig": given("there is no infrastructure to check"),
        "/ModelPackageConfig": given("no model package is made by the job itself"),
    },
}


def list_without_effect(kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
    """`<pointer>: <reason>` for each; a member that is set to an expression is set."""
    return list_matches(WITHOUT_EFFECT[kind], _without_shuffled_pipes(parameters), expressions=True)


def _without_shuffled_pipes(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request without each ShuffleConfig that has an effect, or may turn out to have one."""
    channels = parameters.get("InputDataConfig")
    if not isinstance(channels, list):
        return parameters
    default = (parameters.get("AlgorithmSpecification") or {}).get("TrainingInputMode") or "File"
    left = [
        {name: value for name, value in item.items() if name != "ShuffleConfig"}
        if (item.get("InputMode") or default) not in ("File", "FastFile")
        else item
        for item in channels
    ]
    return {**parameters, "InputDataConfig": left}
