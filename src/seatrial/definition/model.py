"""The document as values: what a definition says, without any opinion on whether it can run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

Json: TypeAlias = Any  # a parsed JSON value; narrowed where it is read
ParameterValue: TypeAlias = str | int | float | bool
ParameterType: TypeAlias = Literal["String", "Integer", "Float", "Boolean"]
Branch: TypeAlias = Literal["IfSteps", "ElseSteps"]
Trigger: TypeAlias = Literal["Completed", "Failed", "Stopped", "Any"]


class Missing(Enum):
    """The type of `MISSING`: an absent default is not the same as a null one."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True)
class Parameter:
    """One pipeline parameter; `default` is MISSING where the definition gives none."""

    name: str
    type: ParameterType
    default: ParameterValue | Missing = MISSING
    enum_values: tuple[str, ...] = ()
    pointer: str = ""


@dataclass(frozen=True)
class PropertyFile:
    """A JSON file inside a processing output that `Std:JsonGet` may read."""

    name: str
    output_name: str
    file_path: str


@dataclass(frozen=True)
class CacheConfig:
    """Step caching as declared; `expire_after` keeps the service's duration text."""

    enabled: bool
    expire_after: str | None = None


@dataclass(frozen=True)
class RetryPolicy:
    """One retry policy with the service's defaults filled in; the two limits exclude each other."""

    exception_types: tuple[str, ...]
    interval_seconds: float = 1.0
    backoff_rate: float = 2.0
    max_attempts: int | None = None
    expire_after_minutes: int | None = None


@dataclass(frozen=True)
class Dependency:
    """An entry of `DependsOn`: a step, and the end of it that is waited for; a plain name means success."""

    name: str
    trigger: Trigger = "Completed"


@dataclass(frozen=True)
class Step:
    """One step. `parent` and `branch` say which Condition step holds it; `raw` keeps every key as written."""

    name: str
    type: str
    arguments: Mapping[str, Json] = field(default_factory=dict)
    depends_on: tuple[Dependency, ...] = ()
    property_files: tuple[PropertyFile, ...] = ()
    cache_config: CacheConfig | None = None
    retry_policies: tuple[RetryPolicy, ...] = ()
    display_name: str | None = None
    description: str | None = None
    pointer: str = ""
    parent: str | None = None
    branch: Branch | None = None
    raw: Mapping[str, Json] = field(default_factory=dict)
    if_steps: tuple[Step, ...] = ()
    else_steps: tuple[Step, ...] = ()

    def walk(self) -> Iterator[Step]:
        """This step, then every step of its branches."""
        yield self
        for child in (*self.if_steps, *self.else_steps):
            yield from child.walk()


@dataclass(frozen=True)
class PipelineDefinition:
    """A definition that was read whole; `steps` are the top level, in the document's order."""

    version: str
    metadata: Mapping[str, Json]
    parameters: tuple[Parameter, ...]
    experiment_config: Mapping[str, Json] | None
    steps: tuple[Step, ...]
    raw: Mapping[str, Json]
    text: str
    source: str = "definition.json"

    def __hash__(self) -> int:
        """By its text: the document itself is made of what has no hash."""
        return hash(self.text)

    def all_steps(self) -> Iterator[Step]:
        """Every step, those inside branches included, in the document's order."""
        for step in self.steps:
            yield from step.walk()

    def step(self, name: str) -> Step | None:
        """The step of that name wherever it stands, None if there is none."""
        return self.steps_by_name.get(name)

    def pointer_of(self, name: str) -> str:
        """Where the step of that name stands, empty if there is none."""
        step = self.step(name)
        return step.pointer if step else ""

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, None if there is none."""
        return self.parameters_by_name.get(name)

    @cached_property
    def steps_by_name(self) -> Mapping[str, Step]:
        """Every step under its name."""
        return {step.name: step for step in self.all_steps()}

    @cached_property
    def parameters_by_name(self) -> Mapping[str, Parameter]:
        """Every parameter under its name."""
        return {parameter.name: parameter for parameter in self.parameters}


@dataclass(frozen=True)
class StepShape:
    """What the definition has to know of a step type.

    `create_operation` and `describe_shape` name shapes of AWS's service model: the first types
    `Arguments`, the second what `Steps.<name>.<path>` sees (`merged_shapes` add to it, and
    `extra_properties` are top-level properties outside any shape). A type without an operation
    lists its `arguments` itself. `job_name_member` may be absent from `Arguments`;
    `refused_arguments` are members that the service's model has and pipelines do not take,
    `required_arguments` those that it leaves open and a pipeline needs.
    With `free_arguments` they are the author's own, and any will do.
    `extra_keys` are step-level keys of this type alone. `referable` is False for a type that
    nothing can depend on or refer to. `undocumented` is True for a type of which nobody knows keys,
    arguments and properties: none of them is then checked.
    """

    type: str
    create_operation: str | None = None
    describe_shape: str | None = None
    job_name_member: str | None = None
    arguments: frozenset[str] = frozenset()
    refused_arguments: frozenset[str] = frozenset()
    required_arguments: frozenset[str] = frozenset()
    merged_shapes: tuple[str, ...] = ()
    extra_properties: frozenset[str] = frozenset()
    extra_keys: frozenset[str] = frozenset()
    free_arguments: bool = False
    referable: bool = True
    undocumented: bool = False
