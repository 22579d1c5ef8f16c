"""What of a job's arguments decides whether an earlier job did the same; knows no execution.

The service compares resolved arguments: not what lies at an S3 URI, and neither outputs nor resources,
role, limits and tags. A step type that is cached is one row in `COMPARED`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

COMPARED: dict[str, tuple[str, ...]] = {
    "Processing": ("AppSpecification", "Environment", "ProcessingInputs"),
    "Training": (
        "AlgorithmSpecification",
        "CheckpointConfig",
        "DebugHookConfig",
        "DebugRuleConfigurations",
        "Environment",
        "HyperParameters",
        "InputDataConfig",
    ),
    # What such a step asks for beside its job is in the job's environment, an earlier baseline in its inputs.
    "QualityCheck": ("AppSpecification", "Environment", "ProcessingInputs"),
    "ClarifyCheck": ("AppSpecification", "Environment", "ProcessingInputs"),
    "Transform": ("DataProcessing", "Environment", "ModelName", "TransformInput"),
    "Tuning": ("HyperParameterTuningJobConfig", "TrainingJobDefinition", "TrainingJobDefinitions"),
}

# Of a member that holds more than what counts, what does.
_WITHIN: dict[str, frozenset[str]] = dict.fromkeys(
    ("TrainingJobDefinition", "TrainingJobDefinitions"),
    frozenset(
        {
            "AlgorithmSpecification",
            "HyperParameterRanges",
            "InputDataConfig",
            "StaticHyperParameters",
            "TuningObjective",
        }
    ),
)


def compared(step_type: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a Create* request that counts; a member that is null counts as absent."""
    members = COMPARED[step_type]
    return {name: _within(name, parameters[name]) for name in members if parameters.get(name) is not None}


def _within(name: str, value: Any) -> Any:
    """Of each definition of training jobs what counts; every other member counts as a whole."""
    if name not in _WITHIN:
        return value
    if isinstance(value, list):
        return [_within(name, item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {key: member for key, member in value.items() if key in _WITHIN[name]}


def cache_key(step_type: str, parameters: Mapping[str, Any]) -> str:
    """Equal for two requests exactly if they agree in all that counts."""
    text = json.dumps(compared(step_type, parameters), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_difference(one: Any, other: Any, path: str = "") -> tuple[str, Any, Any] | None:
    """Where two values differ first, and what either has there; None for equal ones."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in sorted({*one, *other}):
            inner = f"{path}.{name}" if path else name
            found = first_difference(one.get(name), other.get(name), inner)
            if found:
                return found
        return None
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = (
            first_difference(a, b, f"{path}[{at}]") for at, (a, b) in enumerate(zip(one, other, strict=True))
        )
        return next(filter(None, pairs), None)
    # True and 1 are equal in Python, and different in JSON.
    return None if type(one) is type(other) and one == other else (path, one, other)
