"""The hyperparameters of algorithm mode, and the refusal of any other; needs no XGBoost.

Nothing is filled in: what is absent is XGBoost's own default.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sagemaker_algorithm_toolkit.exceptions import UserError

from sagemaker_xgboost_container.algorithm_mode.dependencies import judge_together
from sagemaker_xgboost_container.algorithm_mode.kinds import (
    Interval,
    Kind,
    groups,
    names,
    numbers,
    one_of,
    real,
    whole,
)
from sagemaker_xgboost_container.algorithm_mode.metric_names import ALL, MetricNames

ALIASES = {
    "learning_rate": "eta",
    "min_split_loss": "gamma",
    "reg_lambda": "lambda",
    "reg_alpha": "alpha",
}

_OBJECTIVES = (
    "aft_loss_distribution",  # not an objective; SageMaker's own image accepts it
    "binary:logistic",
    "binary:logitraw",
    "binary:hinge",
    "count:poisson",
    "multi:softmax",
    "multi:softprob",
    "rank:pairwise",
    "rank:ndcg",
    "rank:map",
    "reg:linear",
    "reg:squarederror",
    "reg:logistic",
    "reg:gamma",
    "reg:pseudohubererror",
    "reg:squaredlogerror",
    "reg:absoluteerror",
    "reg:tweedie",
    "survival:aft",
    "survival:cox",
)
_UPDATERS = [
    "grow_colmaker",
    "distcol",
    "grow_histmaker",
    "grow_skmaker",
    "sync",
    "refresh",
    "prune",
    "shotgun",
    "coord_descent",
]
_SHARE = real(0, 1, low_open=True)
_CHANCE = real(0, 1)
_SWITCH = one_of("true", "false")

HYPERPARAMETERS: dict[str, Kind] = {
    "num_round": whole(1, required=True),
    "csv_weights": whole(0, 1),
    "early_stopping_rounds": whole(1),
    "booster": one_of("gbtree", "gblinear", "dart"),
    "verbosity": whole(0, 3),
    "nthread": whole(1),
    "eta": _CHANCE,
    "gamma": real(0),
    "max_depth": whole(0),
    "min_child_weight": real(0),
    "max_delta_step": real(0),
    "subsample": _SHARE,
    "colsample_bytree": _SHARE,
    "colsample_bylevel": _SHARE,
    "colsample_bynode": _SHARE,
    "lambda": real(0),
    "alpha": real(0),
    "tree_method": one_of("auto", "exact", "approx", "hist", "gpu_hist"),
    "sketch_eps": real(0, 1, low_open=True, high_open=True),
    "scale_pos_weight": real(0, low_open=True),
    "updater": names(_UPDATERS),
    "dsplit": one_of("row", "col"),
    "refresh_leaf": whole(0, 1),
    "process_type": one_of("default", "update"),
    "grow_policy": one_of("depthwise", "lossguide"),
    "max_leaves": whole(0),
    "max_bin": whole(0),
    "predictor": one_of("auto", "cpu_predictor", "gpu_predictor"),
    "monotone_constraints": numbers([-1, 0, 1]),
    "interaction_constraints": groups(Interval(1)),
    "sample_type": one_of("uniform", "weighted"),
    "normalize_type": one_of("tree", "forest"),
    "rate_drop": _CHANCE,
    "one_drop": whole(0, 1),
    "skip_drop": _CHANCE,
    "lambda_bias": _CHANCE,
    "tweedie_variance_power": real(1, 2, low_open=True, high_open=True),
    "objective": one_of(*_OBJECTIVES),
    "num_class": whole(2),
    "base_score": real(0),
    "_kfold": whole(2),
    "_num_cv_round": whole(1),
    "_tuning_objective_metric": one_of(*(f"validation:{metric}" for metric in ALL)),
    "eval_metric": names(MetricNames()),
    "seed": Kind(int, Interval(-(2**31), 2**31 - 1, low_open=True, high_open=True)),
    "num_parallel_tree": whole(1),
    "save_model_on_termination": _SWITCH,
    "aft_loss_distribution": one_of("normal", "logistic", "extreme"),
    "aft_loss_distribution_scale": real(0),
    "deterministic_histogram": _SWITCH,
    "sampling_method": one_of("uniform", "gradient_based"),
    "prob_buffer_row": Kind(int, Interval(1, low_open=True)),
    "use_dask_gpu_training": _SWITCH,
}


def validate_hyperparameters(given: Mapping[str, str]) -> dict[str, Any]:
    """The values of the texts; raise for the first that is missing, unknown, unreadable, or out of range.

    Each of these is asked of all before the next is asked of any.
    """
    texts = {ALIASES.get(name, name): text for name, text in given.items()}
    for name, kind in HYPERPARAMETERS.items():
        if kind.required and name not in texts:
            raise UserError(f"Missing required hyperparameter: {name}")
    values = {}
    for name, text in texts.items():
        if name not in HYPERPARAMETERS:
            raise UserError(f"Extraneous hyperparameter found: {name}")
        values[name] = HYPERPARAMETERS[name].parse(name, text)
    for name, value in values.items():
        HYPERPARAMETERS[name].judge(name, value)
    judge_together(values)
    return values
