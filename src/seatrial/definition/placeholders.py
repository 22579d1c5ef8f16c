"""Values for parameters that have no default and no effect here: keys, subnets, security groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.definition import pointers
from seatrial.definition.model import MISSING, Parameter, ParameterValue, PipelineDefinition, Step
from seatrial.definition.references import own_values, references

_KEY = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"

# Members of requests that change nothing on one machine, with a value that the service's model accepts.
WITHOUT_EFFECT: Mapping[str, str] = {
    "KmsKeyId": _KEY,
    "VolumeKmsKeyId": _KEY,
    "S3KmsKeyId": _KEY,
    "SecurityGroupIds": "sg-00000000000000000",
    "Subnets": "subnet-00000000000000000",
    "RoleArn": "arn:aws:iam::123456789012:role/seatrial-placeholder",
    "ExecutionRoleArn": "arn:aws:iam::123456789012:role/seatrial-placeholder",
    "Tags": "seatrial-placeholder",
}
_UNUSED = "seatrial-placeholder"
_USER_NAMED = frozenset(
    {"Environment", "HyperParameters"}
)  # their keys are the user's, whatever they are called
_OTHER_TYPES: Mapping[str, ParameterValue] = {"Integer": 1, "Float": 1.0, "Boolean": False}


def placeholders_for(
    definition: PipelineDefinition, overrides: Mapping[str, str] | Mapping[str, ParameterValue]
) -> dict[str, ParameterValue]:
    """A placeholder for each parameter without default or value that nothing here depends on."""
    without = [p for p in definition.parameters if p.default is MISSING and p.name not in overrides]
    if not without:
        return {}
    uses = parameter_uses(definition)
    members = {p.name: [member_without_effect(place) for place in uses.get(p.name, ())] for p in without}
    return {p.name: _placeholder(p, members[p.name]) for p in without if None not in members[p.name]}


def parameter_uses(definition: PipelineDefinition) -> dict[str, list[str]]:
    """For each parameter name, the pointers of the expressions that read it."""
    uses: dict[str, list[str]] = {}
    for value, pointer in _values(definition):
        for reference in references(value, pointer):
            if reference.kind == "parameter":
                uses.setdefault(reference.name, []).append(reference.pointer)
    return uses


def member_without_effect(pointer: str) -> str | None:
    """The member that makes what stands at `pointer` irrelevant here, None where it counts."""
    for token in pointers.tokens(pointer):
        if token in _USER_NAMED:
            return None
        if token in WITHOUT_EFFECT:
            return token
    return None


def _values(definition: PipelineDefinition) -> Iterator[tuple[object, str]]:
    yield definition.experiment_config, "/PipelineExperimentConfig"
    yield definition.raw.get("MlflowConfig"), "/MlflowConfig"
    for step in definition.all_steps():
        yield from _step_values(step)


def _step_values(step: Step) -> Iterator[tuple[object, str]]:
    yield from own_values(step)


def _placeholder(parameter: Parameter, members: list[str | None]) -> ParameterValue:
    if parameter.enum_values:
        return parameter.enum_values[0]
    member = members[0] if members else None
    text = WITHOUT_EFFECT[member] if member is not None else _UNUSED
    return _OTHER_TYPES.get(parameter.type, text)
