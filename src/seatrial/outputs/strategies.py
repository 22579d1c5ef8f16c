"""Where the value of a step's property can be known: a definition, a record, a registry.

A fourth, an execution in an AWS account, needs boto3 and lives in `sessions`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from seatrial.definition import PipelineDefinition, PropertyPath, look_up
from seatrial.definition.model import Json
from seatrial.errors import ExpressionError
from seatrial.outputs.expressions import known_of, value_of
from seatrial.outputs.info import S3OutputInfo
from seatrial.outputs.registry import S3OutputPathRegistry
from seatrial.outputs.resolution import Context
from seatrial.ports.executions import ExecutionRecord

_NOT_PLACES = ("TrainingJobSummaries[", "OutputDataConfig.S3OutputPath")


class _Trying(ABC):
    """Can resolve what `resolve` has a value for."""

    def can_resolve(self, step_name: str, property_path: str, context: Context) -> bool:
        """Whether there is a value, and all of it is decided."""
        try:
            self.resolve(step_name, property_path, context)
        except ExpressionError:
            return False
        return True

    @abstractmethod
    def resolve(self, step_name: str, property_path: str, context: Context) -> Json:
        """The value; an `ExpressionError` where there is none."""


class DefinitionStrategy(_Trying):
    """What the definition and the parameters of the context decide before anything runs.

    A property is read from the request: what Describe* adds to it, a model's place for one, is not known.
    """

    def __init__(self, definition: PipelineDefinition) -> None:
        self._definition = definition

    def resolve(self, step_name: str, property_path: str, context: Context) -> Json:
        """The value, with the parameters filled in."""
        step = self._definition.step(step_name)
        path = PropertyPath.parse(property_path)
        found = look_up(step.arguments if step else {}, path)
        return value_of(found, known_of(self._definition, context))


class RecordStrategy(_Trying):
    """What the steps of an execution on this machine answered."""

    def __init__(self, record: ExecutionRecord) -> None:
        self._record = record

    def resolve(self, step_name: str, property_path: str, context: Context) -> Json:
        """The value, as `Steps.<step_name>.<property_path>` had it in the execution."""
        step = self._record.step(step_name)
        return look_up(dict(step.properties) if step else {}, PropertyPath.parse(property_path))


class RegistryStrategy:
    """Where the outputs of a registry lie.

    Of some outputs the property that leads to them is not their place: a tuning step names its jobs, a
    training step the folder above `output.tar.gz`. Those, and what is only planned, are not known here.
    """

    def __init__(self, registry: S3OutputPathRegistry) -> None:
        self._registry = registry

    def can_resolve(self, step_name: str, property_path: str, context: Context) -> bool:
        """Whether an output of the step is referred to like this, and lies where the property says."""
        return self._found(step_name, property_path) is not None

    def resolve(self, step_name: str, property_path: str, context: Context) -> Json:
        """The output's URI."""
        found = self._found(step_name, property_path)
        if found is None:
            raise ExpressionError(
                f"no output of {step_name} is referred to as {property_path}",
                slug="unresolved-property",
                where=f"Steps.{step_name}.{property_path}",
                hint="list what is there: seatrial outputs",
            )
        return found.s3_uri

    def _found(self, step_name: str, property_path: str) -> S3OutputInfo | None:
        info = output_referred(self._registry, step_name, property_path)
        return info if info is not None and _names_its_place(info) else None


def _names_its_place(info: S3OutputInfo) -> bool:
    decided_later = info.metadata.get("planned") and "{" in info.s3_uri
    return not decided_later and not info.property_path.startswith(_NOT_PLACES)


def output_referred(registry: S3OutputPathRegistry, step: str, property_path: str) -> S3OutputInfo | None:
    """The output of the step that a property path names, however its quotes are written."""
    wanted = PropertyPath.parse(property_path)
    for info in registry.get_all_step_outputs(step).values():
        if info.property_path == property_path or _parsed(info.property_path) == wanted:
            return info
    return None


def _parsed(path: str) -> PropertyPath | None:
    try:
        return PropertyPath.parse(path)
    except ExpressionError:
        return None
