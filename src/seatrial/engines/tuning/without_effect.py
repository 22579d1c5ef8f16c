"""What of a tuning job is accepted and done otherwise, or not at all: one table, pointer to reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.reasons import Reason, given, list_matches, one_of
from seatrial.engines.tuning.request import CONFIG
from seatrial.engines.tuning.unsupported import of_training_jobs
from seatrial.ports.jobs import JobEngine

_HINTS = given("each takes the value of its hint; the service would search around it")
_INSTANCES = given("the first of several instance types is taken")

WITHOUT_EFFECT: dict[str, Reason] = {
    "/Autotune": given("nothing is chosen that the request leaves open"),
    f"{CONFIG}/ParameterRanges/AutoParameters": _HINTS,
    f"{CONFIG}/TuningJobCompletionCriteria/ConvergenceDetected/CompleteOnConvergence": one_of(
        "Enabled", reason="convergence is not looked for; the other criteria end the tuning job"
    ),
    "/WarmStartConfig/ParentHyperParameterTuningJobs": given(
        "what parents found is taken into account where this project ran them, by Bayesian and Hyperband "
        "search; others draw as without parents"
    ),
    "/TrainingJobDefinition/HyperParameterRanges/AutoParameters": _HINTS,
    "/TrainingJobDefinition/HyperParameterTuningResourceConfig/InstanceConfigs": _INSTANCES,
    "/TrainingJobDefinitions/*/HyperParameterRanges/AutoParameters": _HINTS,
    "/TrainingJobDefinitions/*/HyperParameterTuningResourceConfig/InstanceConfigs": _INSTANCES,
}


def list_without_effect(parameters: Mapping[str, Any], training: JobEngine) -> list[str]:
    """`<pointer>: <reason>` for each; a member that is set to an expression is set."""
    return [
        *list_matches(WITHOUT_EFFECT, parameters, expressions=True),
        *of_training_jobs(parameters, lambda request: training.without_effect("Training", request)),
    ]
