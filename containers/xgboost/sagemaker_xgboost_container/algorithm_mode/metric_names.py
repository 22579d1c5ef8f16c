"""The evaluation metrics that a job may ask for, by name; knows not how any is computed."""

from __future__ import annotations

from typing import Any

from sagemaker_algorithm_toolkit.exceptions import UserError

MAXIMIZED = (
    "accuracy",
    "auc",
    "aucpr",
    "balanced_accuracy",
    "f1",
    "f1_binary",
    "f1_macro",
    "map",
    "ndcg",
    "precision",
    "r2",
    "recall",
    "precision_macro",
    "precision_micro",
    "recall_macro",
    "recall_micro",
)
MINIMIZED = (
    "aft-nloglik",
    "cox-nloglik",
    "error",
    "gamma-deviance",
    "gamma-nloglik",
    "interval-regression-accuracy",
    "logloss",
    "mae",
    "mape",
    "merror",
    "mlogloss",
    "mphe",
    "mse",
    "poisson-nloglik",
    "rmse",
    "rmsle",
    "tweedie-nloglik",
)
ALL = MAXIMIZED + MINIMIZED

# XGBoost has `rmse` and `mae` of its own; this image computes them itself, on raw margins.
COMPUTED_HERE = frozenset(
    {
        "accuracy",
        "balanced_accuracy",
        "f1",
        "f1_binary",
        "f1_macro",
        "mae",
        "mse",
        "precision",
        "precision_macro",
        "precision_micro",
        "r2",
        "recall",
        "recall_macro",
        "recall_micro",
        "rmse",
    }
)

WITH_THRESHOLD = ("error", "ndcg", "map")


class MetricNames:
    """What `eval_metric` may contain: a name, or one of three with a threshold (`error@0.7`)."""

    def __contains__(self, metric: Any) -> bool:
        if "<function" in metric:
            raise UserError(f"User defined evaluation metric {metric} is not supported yet.")
        if "@" not in metric:
            return metric in ALL
        name, threshold = (part.strip() for part in metric.split("@")[:2])
        if name not in WITH_THRESHOLD:
            raise UserError(
                f"Metric '{metric}' is not supported. Parameter 'eval_metric' with customized threshold "
                "should be one of these options: 'error', 'ndcg', 'map'."
            )
        try:
            float(threshold)
        except ValueError:
            raise UserError(f"Threshold value 't' in '{name}@t' expects float input.") from None
        return True

    def __str__(self) -> str:
        return str(list(ALL))


def is_maximized(metric: str) -> bool:
    """Whether more is better."""
    return metric.split("@")[0] in MAXIMIZED
