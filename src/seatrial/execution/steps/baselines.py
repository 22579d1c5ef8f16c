"""Where the baseline of a check step comes from, and how its job is given it; runs and judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.definition import Json, Step, stringify
from seatrial.execution.steps.step_type import StepFailedError
from seatrial.ports.storage import S3Uri
from seatrial.records import ModelRegistry

ROOT = "/opt/ml/processing/baseline"
BASELINE_INPUTS = {"Constraints": "baseline_constraints", "Statistics": "baseline_statistics"}
"""The inputs of the job that hold a baseline; a variable of the same name tells the container its file."""
_PASSED_ON = "earlier_baseline_"

# Where a package's DriftCheckBaselines hold what a check of that type compares with.
_REGISTERED: dict[str, dict[str, tuple[str, str]]] = {
    "DATA_QUALITY": {
        "Constraints": ("ModelDataQuality", "Constraints"),
        "Statistics": ("ModelDataQuality", "Statistics"),
    },
    "MODEL_QUALITY": {
        "Constraints": ("ModelQuality", "Constraints"),
        "Statistics": ("ModelQuality", "Statistics"),
    },
    "DATA_BIAS": {"Constraints": ("Bias", "PreTrainingConstraints")},
    "MODEL_BIAS": {"Constraints": ("Bias", "PostTrainingConstraints")},
    "MODEL_EXPLAINABILITY": {"Constraints": ("Explainability", "Constraints")},
}


@dataclass(frozen=True)
class CheckWish:
    """What a check step asks for beside its job, expressions resolved; `supplied` are S3 URIs by file."""

    check_type: str
    skip: bool
    fail_on_violation: bool
    register_new: bool
    group: str | None
    supplied: Mapping[str, str]


def read_wish(step: Step, evaluate: Any) -> CheckWish:
    """The step's own keys, with the SDK's defaults where they are absent."""
    given = {key: evaluate(value) for key, value in step.raw.items() if key in _KEYS}
    supplied = {name: given.get(f"SuppliedBaseline{name}") for name in BASELINE_INPUTS}
    return CheckWish(
        check_type=str(given.get("CheckType") or ""),
        skip=_is_on(step, "SkipCheck", given, default=False),
        fail_on_violation=_is_on(step, "FailOnViolation", given, default=True),
        register_new=_is_on(step, "RegisterNewBaseline", given, default=False),
        group=given.get("ModelPackageGroupName") or None,
        supplied={name: str(uri) for name, uri in supplied.items() if uri},
    )


_KEYS = frozenset(
    {
        "CheckType",
        "SkipCheck",
        "FailOnViolation",
        "RegisterNewBaseline",
        "ModelPackageGroupName",
        "SuppliedBaselineConstraints",
        "SuppliedBaselineStatistics",
    }
)


def earlier_baseline(wish: CheckWish, registry: ModelRegistry) -> Mapping[str, str]:
    """S3 URI by file: what is supplied, else what the group's latest approved version holds."""
    kinds = _REGISTERED.get(wish.check_type, {})
    registered = _registered(wish.group, registry, kinds) if wish.group else {}
    found = {**registered, **wish.supplied}
    return {name: uri for name, uri in found.items() if name in kinds}


def with_baseline(
    parameters: Mapping[str, Any], wish: CheckWish, baseline: Mapping[str, str]
) -> dict[str, Any]:
    """The job's request with the earlier baseline among its inputs, where a monitoring job finds it too.

    How the pipeline service hands a baseline to the job is not public; the variables are those of
    monitoring schedules. The step's own keys are there as well: a cached job did the same only if they
    were the same. So is a baseline that is passed on unseen, for the check is skipped.
    """
    held = {} if wish.skip else baseline
    passed_on = baseline if wish.skip and not wish.register_new else {}
    inputs = [
        {
            "InputName": BASELINE_INPUTS[name],
            "S3Input": {
                "S3Uri": uri,
                "LocalPath": _folder(name),
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
                "S3DataDistributionType": "FullyReplicated",
                "S3CompressionType": "None",
            },
        }
        for name, uri in held.items()
    ]
    files = {
        BASELINE_INPUTS[name]: f"{_folder(name)}/{S3Uri.parse(uri).key.rpartition('/')[2]}"
        for name, uri in held.items()
    }
    own = {
        "check_type": wish.check_type,
        "skip_check": stringify(wish.skip),
        "register_new_baseline": stringify(wish.register_new),
        **({"model_package_group_name": wish.group} if wish.group else {}),
        **{f"{_PASSED_ON}{name.lower()}": uri for name, uri in passed_on.items()},
    }
    return {
        **parameters,
        "ProcessingInputs": [*(parameters.get("ProcessingInputs") or ()), *inputs],
        "Environment": {**(parameters.get("Environment") or {}), **own, **files},
    }


def baseline_given(describe: Mapping[str, Any]) -> Mapping[str, str]:
    """The earlier baseline that a job had among its inputs, or passed on: S3 URI by file."""
    names = {name: file for file, name in BASELINE_INPUTS.items()}
    variables = describe.get("Environment") or {}
    passed_on = {name: variables.get(f"{_PASSED_ON}{name.lower()}") for name in BASELINE_INPUTS}
    return {name: str(uri) for name, uri in passed_on.items() if uri} or {
        names[item["InputName"]]: str(item["S3Input"]["S3Uri"])
        for item in describe.get("ProcessingInputs") or ()
        if item.get("InputName") in names and item.get("S3Input")
    }


def _registered(
    group: str, registry: ModelRegistry, kinds: Mapping[str, tuple[str, str]]
) -> Mapping[str, str]:
    package = registry.latest_approved(group) or {}
    baselines = package.get("DriftCheckBaselines") or {}
    found = {name: _source(baselines, *place) for name, place in kinds.items()}
    return {name: uri for name, uri in found.items() if uri}


def _source(baselines: Mapping[str, Any], holder: str, member: str) -> str | None:
    source = (baselines.get(holder) or {}).get(member) or {}
    uri = source.get("S3Uri")
    return str(uri) if uri else None


def _folder(name: str) -> str:
    return f"{ROOT}/{name.lower()}"


def _is_on(step: Step, key: str, given: Mapping[str, Json], *, default: bool) -> bool:
    """A boolean parameter's value, or its text: a ParameterString is allowed here too."""
    text = "" if given.get(key) is None else str(given[key]).strip()
    if not text:
        return default
    if text.lower() not in ("true", "false"):
        raise StepFailedError(
            f"ClientError: {step.type.removesuffix('Check')} check failed. "
            f"{key} is neither true nor false: {text}",
            slug="no-boolean",
            where=step.name,
        )
    return text.lower() == "true"
