"""Where the baseline of a check step comes from, and how its job is given it; runs and judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.definition import Json, Step, stringify
from seatrial.ports.storage import S3Uri
from seatrial.records import ModelRegistry

ROOT = "/opt/ml/processing/baseline"
BASELINE_INPUTS = {"Constraints": "baseline_constraints", "Statistics": "baseline_statistics"}
"""The inputs of the job that hold a baseline; a variable of the same name tells the container its file."""

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
        skip=_is_true(given.get("SkipCheck"), default=False),
        fail_on_violation=_is_true(given.get("FailOnViolation"), default=True),
        register_new=_is_true(given.get("RegisterNewBaseline"), default=False),
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
    were the same.
    """
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
        for name, uri in baseline.items()
    ]
    files = {
        BASELINE_INPUTS[name]: f"{_folder(name)}/{S3Uri.parse(uri).key.rpartition('/')[2]}"
        for name, uri in baseline.items()
    }
    own = {
        "check_type": wish.check_type,
        "skip_check": stringify(wish.skip),
        "register_new_baseline": stringify(wish.register_new),
        **({"model_package_group_name": wish.group} if wish.group else {}),
    }
    return {
        **parameters,
        "ProcessingInputs": [*(parameters.get("ProcessingInputs") or ()), *inputs],
        "Environment": {**(parameters.get("Environment") or {}), **own, **files},
    }


def baseline_given(describe: Mapping[str, Any]) -> Mapping[str, str]:
    """The earlier baseline that a job had among its inputs: S3 URI by file."""
    names = {name: file for file, name in BASELINE_INPUTS.items()}
    return {
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


def _is_true(value: Json, *, default: bool) -> bool:
    """A boolean parameter's value, or its text: a ParameterString is allowed here too."""
    return default if value is None else str(value).strip().lower() == "true"
