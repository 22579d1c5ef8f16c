"""Hyperparameters of XGBoost's algorithm mode are refused in the words of SageMaker's own image."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from sagemaker_algorithm_toolkit.exceptions import AlgorithmError, UserError
from sagemaker_xgboost_container.algorithm_mode.devices import without_gpu
from sagemaker_xgboost_container.algorithm_mode.hyperparameters import (
    HYPERPARAMETERS,
    validate_hyperparameters,
)
from sagemaker_xgboost_container.algorithm_mode.metric_names import ALL, is_maximized

LINEAR = "Linear updater should be one of these options: 'shotgun', 'coord_descent'."
THRESHOLDS = "Parameter 'eval_metric' with customized threshold should be one of these options: "

REFUSED: dict[str, tuple[Mapping[str, str], str]] = {
    "unknown": ({"foo": "1"}, "Extraneous hyperparameter found: foo"),
    "no longer known": ({"silent": "1"}, "Extraneous hyperparameter found: silent"),
    "of script mode": (
        {"sagemaker_region": "us-east-1"},
        "Extraneous hyperparameter found: sagemaker_region",
    ),
    "no integer": (
        {"max_depth": "deep"},
        "Hyperparameter max_depth: could not parse value (caused by ValueError)",
    ),
    "a float for an integer": (
        {"max_depth": "7.0"},
        "Hyperparameter max_depth: could not parse value (caused by ValueError)",
    ),
    "no number": ({"eta": "fast"}, "Hyperparameter eta: could not parse value (caused by ValueError)"),
    "an alias": (
        {"learning_rate": "fast"},
        "Hyperparameter eta: could not parse value (caused by ValueError)",
    ),
    "no tuple": (
        {"monotone_constraints": "(1,", "tree_method": "hist"},
        "Hyperparameter monotone_constraints: could not parse value (caused by ValueError)",
    ),
    "above a range": ({"eta": "2.0"}, "Hyperparameter eta: 2.0 is not in [0, 1]"),
    "an open bound": ({"subsample": "0"}, "Hyperparameter subsample: 0.0 is not in (0, 1]"),
    "two open bounds": ({"sketch_eps": "1"}, "Hyperparameter sketch_eps: 1.0 is not in (0, 1)"),
    "below an endless range": ({"num_round": "0"}, "Hyperparameter num_round: 0 is not in [1, +inf)"),
    "a large seed": (
        {"seed": "2147483647"},
        "Hyperparameter seed: 2147483647 is not in (-2147483648, 2147483647)",
    ),
    "no category": (
        {"booster": "trees"},
        "Hyperparameter booster: trees is not in ['gbtree', 'gblinear', 'dart']",
    ),
    "no truth": (
        {"save_model_on_termination": "True"},
        "Hyperparameter save_model_on_termination: True is not in ['true', 'false']",
    ),
    "no metric": (
        {"eval_metric": "foo", "objective": "reg:linear"},
        f"Hyperparameter eval_metric: value ['foo'] not in range {list(ALL)}",
    ),
    "a blank in a list": (
        {"eval_metric": "auc, error", "objective": "binary:logistic"},
        f"Hyperparameter eval_metric: value ['auc', ' error'] not in range {list(ALL)}",
    ),
    "a function as metric": (
        {"eval_metric": "<function f at 0x7>"},
        "User defined evaluation metric <function f at 0x7> is not supported yet.",
    ),
    "a threshold of the wrong metric": (
        {"eval_metric": "auc@0.5"},
        f"Metric 'auc@0.5' is not supported. {THRESHOLDS}'error', 'ndcg', 'map'.",
    ),
    "a threshold that is no number": (
        {"eval_metric": "error@half"},
        "Threshold value 't' in 'error@t' expects float input.",
    ),
    "a tuning metric of training": (
        {"_tuning_objective_metric": "train:auc"},
        "Hyperparameter _tuning_objective_metric: train:auc is not in "
        f"{[f'validation:{metric}' for metric in ALL]}",
    ),
    "an updater out of range": (
        {"updater": "grow_quantile_histmaker"},
        "Hyperparameter updater: value ['grow_quantile_histmaker'] not in range ['grow_colmaker', 'distcol', "
        "'grow_histmaker', 'grow_skmaker', 'sync', 'refresh', 'prune', 'shotgun', 'coord_descent']",
    ),
    "a linear updater for trees": (
        {"updater": "shotgun"},
        "Tree updater should be selected from these options: 'grow_colmaker', 'distcol', 'grow_histmaker', "
        "'grow_skmaker', 'grow_quantile_histmaker', 'sync', 'refresh', 'prune', 'shortgun', 'coord_descent'.",
    ),
    "a tree updater for lines": ({"booster": "gblinear", "updater": "prune"}, LINEAR),
    "two linear updaters": ({"booster": "gblinear", "updater": "shotgun,coord_descent"}, LINEAR),
    "two growers": (
        {"updater": "grow_colmaker,grow_histmaker"},
        "Only one tree grow plugin can be selected. Choose one from thefollowing: 'grow_colmaker', "
        "'distcol', 'grow_histmaker', 'grow_skmaker'",
    ),
    "growing in an update": (
        {"process_type": "update", "updater": "refresh,grow_colmaker"},
        "process_type 'update' can only be used with updater 'refresh' and 'prune'",
    ),
    "classes without number": (
        {"objective": "multi:softprob"},
        "Require input for parameter 'num_class' for multi-classification",
    ),
    "auc of a regression": (
        {"objective": "reg:squarederror", "eval_metric": "auc"},
        "Metric 'auc' can only be applied for classification and ranking problems.",
    ),
    "survival's metric": (
        {"objective": "survival:cox", "eval_metric": "aft-nloglik"},
        "Metric 'aft-nloglik' can only be applied for 'survival:aft' objective.",
    ),
    "monotone constraints": (
        {"monotone_constraints": "(1,0)"},
        "monotone_constraints can be used only when the tree_method parameter is set to "
        "either 'exact' or 'hist'.",
    ),
    "interaction constraints": (
        {"interaction_constraints": "[[1,2]]", "tree_method": "auto"},
        "interaction_constraints can be used only when the tree_method parameter is set to "
        "either 'exact', 'hist' or 'approx'.",
    ),
    "a constraint out of range": (
        {"monotone_constraints": "(2,0)", "tree_method": "hist"},
        "Hyperparameter monotone_constraints: value (2, 0) not in range [-1, 0, 1]",
    ),
    "a feature out of range": (
        {"interaction_constraints": "[[0,2]]", "tree_method": "hist"},
        "Hyperparameter interaction_constraints: value [[0, 2]] not in range [1, +inf)",
    ),
}


@pytest.mark.parametrize(("given", "text"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_value_is_refused_in_its_words(given: Mapping[str, str], text: str) -> None:
    with pytest.raises(UserError) as refused:
        validate_hyperparameters({"num_round": "1", **given})
    assert str(refused.value) == text


def test_only_the_number_of_rounds_is_required() -> None:
    with pytest.raises(UserError, match=r"^Missing required hyperparameter: num_round$"):
        validate_hyperparameters({"eta": "0.1"})
    assert validate_hyperparameters({"num_round": "1"}) == {"num_round": 1}


def test_a_metric_without_objective_ends_in_a_bare_error() -> None:
    with pytest.raises(KeyError, match=r"^'objective'$"):
        validate_hyperparameters({"num_round": "1", "eval_metric": "rmse"})


def test_a_value_of_the_wrong_shape_is_nobodys_fault() -> None:
    with pytest.raises(AlgorithmError) as refused:
        validate_hyperparameters({"num_round": "1", "monotone_constraints": "1", "tree_method": "hist"})
    expected = (
        "Hyperparameter monotone_constraints: unexpected failure when validating 1 (caused by TypeError)"
    )
    assert str(refused.value) == expected


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"foo": "1"}, "Missing required"),
        ({"num_round": "0", "foo": "1"}, "Extraneous"),
        ({"num_round": "0", "eta": "x"}, "could not parse"),
        ({"objective": "multi:softmax", "num_round": "0"}, "is not in"),
        ({"eval_metric": "auc", "objective": "multi:softmax", "num_round": "1"}, "num_class"),
    ],
    ids=["missing", "unknown", "unreadable", "out of range", "dependencies in turn"],
)
def test_one_kind_of_fault_is_looked_for_in_all_before_the_next(given: Mapping[str, str], text: str) -> None:
    with pytest.raises(UserError, match=text):
        validate_hyperparameters(given)


def test_texts_become_values_and_aliases_their_names() -> None:
    given = {
        "num_round": "10",
        "learning_rate": "0.5",
        "reg_lambda": "1e3",
        "min_split_loss": "0",
        "reg_alpha": "2",
        "objective": "multi:softprob",
        "num_class": "3",
        "eval_metric": "mlogloss,f1_macro,error@0.7",
        "tree_method": "hist",
        "monotone_constraints": "(1,0,-1)",
        "interaction_constraints": "[[1,2],[3]]",
        "_tuning_objective_metric": "validation:f1_macro",
        "seed": "-1",
    }
    assert validate_hyperparameters(given) == {
        "num_round": 10,
        "eta": 0.5,
        "lambda": 1000.0,
        "gamma": 0.0,
        "alpha": 2.0,
        "objective": "multi:softprob",
        "num_class": 3,
        "eval_metric": ["mlogloss", "f1_macro", "error@0.7"],
        "tree_method": "hist",
        "monotone_constraints": (1, 0, -1),
        "interaction_constraints": [[1, 2], [3]],
        "_tuning_objective_metric": "validation:f1_macro",
        "seed": -1,
    }


def test_not_a_number_is_within_every_range() -> None:
    assert math.isnan(validate_hyperparameters({"num_round": "1", "eta": "nan"})["eta"])


def test_a_number_of_classes_passes_with_any_objective() -> None:
    given = {"num_round": "1", "objective": "binary:logistic", "num_class": "3", "eval_metric": "auc"}
    assert validate_hyperparameters(given)["num_class"] == 3


def test_the_table_has_every_hyperparameter_of_the_line() -> None:
    assert len(HYPERPARAMETERS) == 53
    assert [name for name, kind in HYPERPARAMETERS.items() if kind.required] == ["num_round"]


@pytest.mark.parametrize(("metric", "maximized"), [("auc", True), ("ndcg@5", True), ("error@0.7", False)])
def test_a_metric_with_a_threshold_grows_as_without(metric: str, maximized: bool) -> None:
    assert is_maximized(metric) is maximized


def test_what_needs_a_gpu_runs_on_the_cpu_and_says_so() -> None:
    values = {"tree_method": "gpu_hist", "predictor": "gpu_predictor", "eval_metric": ["auc"], "eta": 1.0}
    changed, lines = without_gpu(values)
    assert changed == {**values, "tree_method": "hist", "predictor": "cpu_predictor"}
    assert lines == [
        "No GPU here: tree_method=gpu_hist runs on the CPU as tree_method=hist",
        "No GPU here: predictor=gpu_predictor runs on the CPU as predictor=cpu_predictor",
    ]
    assert without_gpu({"tree_method": "hist"}) == ({"tree_method": "hist"}, [])
