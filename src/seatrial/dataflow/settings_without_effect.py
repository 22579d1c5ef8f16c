"""Settings of a definition that change nothing on one machine: said before the run, never ignored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from seatrial.dataflow.codes import KINDS, finding
from seatrial.dataflow.permissions import Role
from seatrial.definition import Json, PipelineDefinition
from seatrial.definition.pointers import child, tokens
from seatrial.execution.cache_keys import COMPARED
from seatrial.execution.faults import OCCURRING
from seatrial.ports.findings import Finding, Severity

_ACCELERATED = re.compile(r"ml\.(p|g|trn|inf|dl)\d")
ROLE_NOTE = "ST216"
_USERS_OWN = frozenset({"Environment", "HyperParameters", "ContainerArguments"})


def _is_set(value: Json) -> bool:
    return value not in (None, "", [], {}, False)


def _collects(value: Json) -> bool:
    # The SDK writes an empty hook into every training step.
    return isinstance(value, Mapping) and bool(value.get("CollectionConfigurations"))


def _profiles(value: Json) -> bool:
    return isinstance(value, Mapping) and bool(value) and value.get("DisableProfiler") is not True


def _has_accelerator(value: Json) -> bool:
    return isinstance(value, str) and _ACCELERATED.match(value) is not None


def _enabled(value: Json) -> bool:
    return isinstance(value, Mapping) and value.get("Enabled") is True


def _names_what_never_occurs(value: Json) -> bool:
    policies = value if isinstance(value, list) else ()
    kinds = [policy.get("ExceptionType", ()) for policy in policies if isinstance(policy, Mapping)]
    named = {kind for each in kinds for kind in ([each] if isinstance(each, str) else each)}
    return bool(named - OCCURRING)


# Member of a request, or key of a step, to the code and to when it counts as set.
SETTINGS: dict[str, tuple[str, Callable[[Json], bool]]] = {
    **dict.fromkeys(("KmsKeyId", "VolumeKmsKeyId", "S3KmsKeyId", "OutputKmsKeyId"), ("ST210", _is_set)),
    **dict.fromkeys(("VpcConfig", "EnableInterContainerTrafficEncryption"), ("ST211", _is_set)),
    "Tags": ("ST212", _is_set),
    "VolumeSizeInGB": ("ST213", _is_set),
    **dict.fromkeys(
        ("EnableManagedSpotTraining", "MaxWaitTimeInSeconds", "KeepAlivePeriodInSeconds"), ("ST214", _is_set)
    ),
    **dict.fromkeys(("ExperimentConfig", "PipelineExperimentConfig", "MlflowConfig"), ("ST215", _is_set)),
    **dict.fromkeys(("RoleArn", "ExecutionRoleArn"), (ROLE_NOTE, _is_set)),
    "DebugHookConfig": ("ST217", _collects),
    "ProfilerConfig": ("ST217", _profiles),
    **dict.fromkeys(
        ("DebugRuleConfigurations", "ProfilerRuleConfigurations", "TensorBoardOutputConfig"),
        ("ST217", _is_set),
    ),
    "CacheConfig": ("ST218", _enabled),
    "RetryPolicies": ("ST219", _names_what_never_occurs),
    "RetryStrategy": ("ST219", _is_set),
    "InstanceType": ("ST220", _has_accelerator),
}


def settings_without_effect(
    definition: PipelineDefinition, ignored: Mapping[str, str] | None = None, *, role: Role | None = None
) -> list[Finding]:
    """One note for each kind of setting, with every place where it is set.

    `ignored` is what an engine says that it ignores, pointer to reason; what has a kind here already
    is not said twice. A `role` with a policy has an effect, though it is not assumed.
    """
    places: dict[str, list[str]] = {}
    for code, pointer in _found(definition):
        places.setdefault(code, []).append(pointer)
    others: dict[str, list[str]] = {}
    for pointer, reason in (ignored or {}).items():
        if not SETTINGS.keys() & set(tokens(pointer)):
            others.setdefault(reason, []).append(pointer)
    return [
        *(_ignored(reason, pointers, definition) for reason, pointers in others.items()),
        *(
            _of_role(places[code], definition, role)
            if role and code == ROLE_NOTE
            else _note(code, places[code], definition)
            for code in sorted(places)
        ),
    ]


def _of_role(pointers: list[str], definition: PipelineDefinition, role: Role) -> Finding:
    steps, where = _in_steps(pointers, definition)
    return finding(
        ROLE_NOTE,
        f"Role: not assumed{where}; jobs, and the staging of their data, are held to {role.sources} instead",
        where=pointers[0],
        severity=Severity.NOTE,
        step=steps[0] if len(steps) == 1 else None,
        hint="Nothing to do; one policy stands for every role that the pipeline names.",
        observed=", ".join(pointers),
    )


def _ignored(reason: str, pointers: list[str], definition: PipelineDefinition) -> Finding:
    steps, where = _in_steps(pointers, definition)
    members = ", ".join(dict.fromkeys(tokens(pointer)[-1] for pointer in pointers))
    return finding(
        "ST202",
        f"{members}{where}: {reason}",
        where=pointers[0],
        step=steps[0] if len(steps) == 1 else None,
        observed=", ".join(pointers),
    )


def _found(definition: PipelineDefinition) -> Iterator[tuple[str, str]]:
    top = {key: definition.raw.get(key) for key in ("PipelineExperimentConfig", "MlflowConfig")}
    yield from _matches(top, "")
    for step in definition.all_steps():
        keys = ("RetryPolicies",) if step.type in COMPARED else ("RetryPolicies", "CacheConfig")
        own = {key: value for key, value in step.raw.items() if key in keys}
        yield from _matches(own, step.pointer)
        arguments = {k: v for k, v in step.arguments.items() if k not in ("IfSteps", "ElseSteps")}
        yield from _matches(arguments, child(step.pointer, "Arguments"))


def _matches(value: Json, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            code, counts = SETTINGS.get(key, ("", _is_set))
            if code and counts(member):
                yield code, child(pointer, key)
            if not code and key not in _USERS_OWN:
                yield from _matches(member, child(pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _matches(item, child(pointer, index))


def _note(code: str, pointers: list[str], definition: PipelineDefinition) -> Finding:
    members = ", ".join(dict.fromkeys(tokens(pointer)[-1] for pointer in pointers))
    steps, where = _in_steps(pointers, definition)
    return finding(
        code,
        f"{KINDS[code].title}: {members}{where} without effect here",
        where=pointers[0],
        severity=Severity.NOTE,
        step=steps[0] if len(steps) == 1 else None,
        observed=", ".join(pointers),
    )


def _in_steps(pointers: list[str], definition: PipelineDefinition) -> tuple[list[str], str]:
    held = {step.pointer: step.name for step in definition.all_steps()}
    steps = list(dict.fromkeys(name for pointer in pointers if (name := _holder(held, pointer))))
    return steps, f" in {', '.join(steps)}" if steps else ""


def _holder(held: Mapping[str, str], pointer: str) -> str | None:
    """The step that a pointer leads into; of a step inside a branch, not the condition above it."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        if pointer in held:
            return held[pointer]
    return None
