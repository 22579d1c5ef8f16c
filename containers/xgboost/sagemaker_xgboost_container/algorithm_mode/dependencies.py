"""What one hyperparameter demands of others; each rule is asked once both are known to be in range."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sagemaker_algorithm_toolkit.exceptions import UserError

Rule = Callable[[Any, Mapping[str, Any]], None]

GROWERS = ("grow_colmaker", "distcol", "grow_histmaker", "grow_quantile_histmaker")
TREE_UPDATERS = (*GROWERS, "grow_skmaker", "sync", "refresh", "prune")
LINEAR_UPDATERS = ("shotgun", "coord_descent")
REFRESHERS = ("refresh", "prune")


def _updater(updaters: list[str], others: Mapping[str, Any]) -> None:
    if others.get("booster") == "gblinear":
        if len(updaters) != 1 or updaters[0] not in LINEAR_UPDATERS:
            raise UserError("Linear updater should be one of these options: 'shotgun', 'coord_descent'.")
    elif others.get("process_type") == "update":
        if not set(updaters) <= set(REFRESHERS):
            raise UserError("process_type 'update' can only be used with updater 'refresh' and 'prune'")
    else:
        _tree_updaters(updaters)


def _tree_updaters(updaters: list[str]) -> None:
    if not set(updaters) <= set(TREE_UPDATERS):
        raise UserError(
            "Tree updater should be selected from these options: 'grow_colmaker', 'distcol', "
            "'grow_histmaker', 'grow_skmaker', 'grow_quantile_histmaker', 'sync', 'refresh', 'prune', "
            "'shortgun', 'coord_descent'."
        )
    if sum(updater in GROWERS for updater in updaters) > 1:
        raise UserError(
            "Only one tree grow plugin can be selected. Choose one from the"
            "following: 'grow_colmaker', 'distcol', 'grow_histmaker', 'grow_skmaker'"
        )


def _objective(objective: str, others: Mapping[str, Any]) -> None:
    if objective in ("multi:softmax", "multi:softprob") and others.get("num_class") is None:
        raise UserError("Require input for parameter 'num_class' for multi-classification")


def _eval_metric(metrics: list[str], others: Mapping[str, Any]) -> None:
    # Without an objective SageMaker's own image ends in this bare error too.
    objective: str = others["objective"]
    if "auc" in metrics and not objective.startswith(("binary:", "rank:")):
        raise UserError("Metric 'auc' can only be applied for classification and ranking problems.")
    if "aft-nloglik" in metrics and objective != "survival:aft":
        raise UserError("Metric 'aft-nloglik' can only be applied for 'survival:aft' objective.")


def _monotone_constraints(_: Any, others: Mapping[str, Any]) -> None:
    if others.get("tree_method") not in ("exact", "hist"):
        raise UserError(
            "monotone_constraints can be used only when the tree_method parameter is set to "
            "either 'exact' or 'hist'."
        )


def _interaction_constraints(_: Any, others: Mapping[str, Any]) -> None:
    if others.get("tree_method") not in ("exact", "hist", "approx"):
        raise UserError(
            "interaction_constraints can be used only when the tree_method parameter is set to "
            "either 'exact', 'hist' or 'approx'."
        )


RULES: dict[str, tuple[tuple[str, ...], Rule]] = {
    "updater": (("booster", "process_type"), _updater),
    "objective": (("num_class",), _objective),
    "eval_metric": (("objective",), _eval_metric),
    "monotone_constraints": (("tree_method",), _monotone_constraints),
    "interaction_constraints": (("tree_method",), _interaction_constraints),
}


def judge_together(values: Mapping[str, Any]) -> None:
    """Ask every rule, in the order of the values, what a rule looks at before the rule itself."""
    asked: set[str] = set()
    for name in values:
        _ask(name, values, asked)


def _ask(name: str, values: Mapping[str, Any], asked: set[str]) -> None:
    if name in asked or name not in values:
        return
    asked.add(name)
    looked_at, rule = RULES.get(name, ((), None))
    for other in looked_at:
        _ask(other, values, asked)
    if rule:
        rule(values[name], {other: values[other] for other in looked_at if other in values})
