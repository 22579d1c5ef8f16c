"""Reads `Steps` and the branches of Condition steps: keys, names, limits; not what Arguments mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from seatrial.definition import pointers
from seatrial.definition.model import Branch, Json, Step
from seatrial.definition.parsing.dependencies import read_dependencies
from seatrial.definition.parsing.options import read_cache, read_property_files, read_retries
from seatrial.definition.parsing.reader import Reader, read_object
from seatrial.definition.report import Report

_COMMON = frozenset(
    {
        "Name",
        "Type",
        "Arguments",
        "DisplayName",
        "Description",
        "DependsOn",
        "CacheConfig",
        "PropertyFiles",
        "RetryPolicies",
    }
)
_CHECK = frozenset(
    {
        "CheckType",
        "ModelName",
        "ModelPackageGroupName",
        "SkipCheck",
        "FailOnViolation",
        "RegisterNewBaseline",
        "SuppliedBaselineConstraints",
        "SuppliedBaselineStatistics",
    }
)

# Step-level keys of AWS's own types. A type that is not here gets its keys from its StepShape, in `check`.
TYPE_KEYS: Mapping[str, frozenset[str]] = {
    "Processing": frozenset(),
    "Training": frozenset(),
    "Transform": frozenset(),
    "Tuning": frozenset(),
    "Model": frozenset(),
    "RegisterModel": frozenset(),
    "AutoML": frozenset(),
    "Condition": frozenset(),
    "Fail": frozenset(),
    "Callback": frozenset({"SqsQueueUrl", "OutputParameters"}),
    "Lambda": frozenset({"FunctionArn", "OutputParameters"}),
    "ClarifyCheck": _CHECK,
    "QualityCheck": _CHECK,
    "EMR": frozenset(),
    "EMRServerless": frozenset(),
    "EndpointConfig": frozenset(),
    "Endpoint": frozenset(),
    "InferenceComponent": frozenset(),
    "Lineage": frozenset(),
}
_NAME = re.compile(r"[A-Za-z0-9\-_]{1,64}")
_LONGEST = {"DisplayName": 256, "Description": 3072}
_BRANCHES: tuple[Branch, ...] = ("IfSteps", "ElseSteps")


def read_steps(readers: list[Reader], report: Report) -> tuple[Step, ...]:
    """Every step that could be read; the rest is reported, names used twice included."""
    steps = _read_all(readers, None, None)
    first: dict[str, Step] = {}
    for step in (inner for outer in steps for inner in outer.walk()):
        earlier = first.setdefault(step.name, step)
        if earlier is not step:
            _report_duplicate(step, earlier, report)
    return steps


def unknown_keys(step: Step, extra: frozenset[str]) -> Iterator[str]:
    """The step-level keys that neither every step nor this type has."""
    return (key for key in step.raw if key not in _COMMON and key not in extra)


def _read_all(readers: list[Reader], parent: str | None, branch: Branch | None) -> tuple[Step, ...]:
    return tuple(step for step in (_read(reader, parent, branch) for reader in readers) if step is not None)


def _read(reader: Reader, parent: str | None, branch: Branch | None) -> Step | None:
    name, kind = reader.text("Name", required=True), reader.text("Type", required=True)
    reader = Reader(reader.raw, reader.pointer, reader.report, step=name)
    _check_keys(reader, name, kind)
    arguments = reader.object("Arguments", required=kind not in (None, "Fail", "Lambda", "Callback"))
    branches = {key: _read_branch(arguments, key, name) for key in _BRANCHES} if kind == "Condition" else {}
    options = read_property_files(reader), read_cache(reader), read_retries(reader), read_dependencies(reader)
    if name is None or kind is None:
        return None
    return Step(
        name=name,
        type=kind,
        arguments=arguments.raw if arguments is not None else {},
        property_files=options[0],
        cache_config=options[1],
        retry_policies=options[2],
        depends_on=options[3],
        display_name=reader.text("DisplayName"),
        description=reader.text("Description"),
        pointer=reader.pointer,
        parent=parent,
        branch=branch,
        raw=reader.raw,
        if_steps=branches.get("IfSteps", ()),
        else_steps=branches.get("ElseSteps", ()),
    )


def _check_keys(reader: Reader, name: str | None, kind: str | None) -> None:
    if kind is not None and kind in TYPE_KEYS:
        reader.refuse_unknown(_COMMON | TYPE_KEYS[kind])
    if name is not None and not _NAME.fullmatch(name):
        hint = "use 1 to 64 letters, digits, hyphens, underscores"
        reader.error("ST006", f"step name {name!r} is not allowed", "Name", hint)
    for key, longest in _LONGEST.items():
        value = reader.raw.get(key)
        if isinstance(value, str) and len(value) > longest:
            reader.error("ST007", f"{key} has {len(value)} characters", key, f"keep it within {longest}")


def _read_branch(arguments: Reader | None, branch: Branch, parent: str | None) -> tuple[Step, ...]:
    if arguments is None:
        return ()
    place = pointers.child(arguments.pointer, branch)
    value: Json = arguments.raw.get(branch)
    if value is not None and not isinstance(value, list):
        arguments.items(branch)  # reports what it is instead
        return ()
    readers = [
        read_object(item, pointers.child(place, i), arguments.report) for i, item in enumerate(value or [])
    ]
    return _read_all([reader for reader in readers if reader is not None], parent, branch)


def _report_duplicate(step: Step, earlier: Step, report: Report) -> None:
    if step.parent is not None and (step.parent, step.type) == (earlier.parent, earlier.type):
        message = f"step {step.name!r} stands twice inside condition {step.parent!r}"
        hint = "move it out of the branches, or give the second one a name of its own"
    elif (step.parent is None) != (earlier.parent is None):
        message = f"step {step.name!r} stands at the top level and inside a condition"
        hint = (
            "leave it in the branch only: a step of a branch must not be listed in the pipeline's own Steps"
        )
    else:
        message = f"step name {step.name!r} is used twice"
        hint = "rename one of them; names are unique in a pipeline, branches included"
    report.error("ST006", message, step.pointer, hint, step=step.name, also=earlier.pointer)
