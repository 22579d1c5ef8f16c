"""What of a request local mode accepts and does not honour, while the results stay what they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.reasons import Reason, given, list_matches, one_of
from seatrial.ports.jobs import JobKind

_NO_LIMIT = given("local mode lets a job run as long as it likes")
_NO_GPU = "{value}; no container here has a GPU, so XGBoost runs on the CPU"

WITHOUT_EFFECT: dict[JobKind, dict[str, Reason]] = {
    "Processing": {"/StoppingCondition": _NO_LIMIT},
    "Training": {
        "/AlgorithmSpecification/EnableSageMakerMetricsTimeSeries": given("only final metrics are kept"),
        "/HyperParameters/predictor": one_of("gpu_predictor", reason=_NO_GPU),
        "/HyperParameters/tree_method": one_of("gpu_hist", reason=_NO_GPU),
        "/HyperParameters/use_dask_gpu_training": one_of("true", reason=_NO_GPU),
        "/InfraCheckConfig": given("there is no infrastructure to check"),
        "/InputDataConfig/*/ShuffleConfig": given("a folder has no order of files"),
        "/ModelPackageConfig": given("no model package is made by the job itself"),
        "/RemoteDebugConfig": given("`docker exec` opens a shell in a running container"),
        "/ResourceConfig/TrainingPlanArn": given("there is no capacity to reserve"),
        "/RetryStrategy": given("local mode tries once"),
        "/StoppingCondition": _NO_LIMIT,
    },
}


def list_without_effect(kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
    """`<pointer>: <reason>` for each; a member that is set to an expression is set."""
    return list_matches(WITHOUT_EFFECT.get(kind, {}), parameters, expressions=True)
