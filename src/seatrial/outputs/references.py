"""References to outputs that a pipeline's author holds before there is any value; resolves nothing."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from seatrial.definition import PipelineDefinition, PropertyPath
from seatrial.definition.expressions import parse_get
from seatrial.errors import ExpressionError, RefusedError
from seatrial.outputs.declared import declared_outputs
from seatrial.outputs.registry import S3OutputPathRegistry


class PropertyReference(BaseModel):
    """`Steps.<step_name>.<property_path>`; what it stands for is asked of a `PropertyResolutionService`.

    `output_descriptor` is whatever the author wants to remember of the output.
    """

    model_config = ConfigDict(frozen=True)

    step_name: str
    property_path: str
    output_descriptor: Any = None

    @field_validator("step_name")
    @classmethod
    def _is_a_step(cls, name: str) -> str:
        if not name or "." in name:
            raise ValueError("the name of a step is not empty and holds no dot")
        return name

    @field_validator("property_path")
    @classmethod
    def _is_a_path(cls, path: str) -> str:
        try:
            PropertyPath.parse(path)
        except ExpressionError as malformed:
            raise ValueError(malformed.message) from malformed
        return path

    @classmethod
    def from_sagemaker_reference(cls, reference: dict[str, str]) -> PropertyReference:
        """Read `{"Get": "Steps.…"}` back."""
        get = parse_get(str(reference.get("Get")))
        if get.root != "Steps" or get.path is None:
            raise RefusedError(
                f"{reference!r} does not refer to a property of a step",
                slug="not-a-property",
                hint='pass {"Get": "Steps.<step>.<property>"}',
            )
        return cls(step_name=get.name, property_path=str(get.path))

    def to_sagemaker_reference(self) -> dict[str, str]:
        """As it stands in a definition."""
        return {"Get": f"Steps.{self.step_name}.{self.property_path}"}


class StepOutputRegistry(BaseModel):
    """How the outputs of a pipeline's steps are referred to, by step and logical name; holds no values."""

    outputs: dict[str, dict[str, PropertyReference]] = {}

    @classmethod
    def of_definition(cls, definition: PipelineDefinition) -> StepOutputRegistry:
        """Every output that the definition declares."""
        registry = cls()
        for step in definition.all_steps():
            for output in declared_outputs(step):
                registry.register_output(step.name, output.name, output.property_path)
        return registry

    @classmethod
    def of_outputs(cls, written: S3OutputPathRegistry) -> StepOutputRegistry:
        """Every output of an execution."""
        registry = cls()
        for step, outputs in written.step_outputs.items():
            for name, info in outputs.items():
                registry.register_output(step, name, info.property_path)
        return registry

    def register_output(
        self, step_name: str, logical_name: str, property_path: str, output_descriptor: Any = None
    ) -> None:
        """Add or replace an output."""
        reference = PropertyReference(
            step_name=step_name, property_path=property_path, output_descriptor=output_descriptor
        )
        self.outputs.setdefault(step_name, {})[logical_name] = reference

    def get_output_reference(self, step_name: str, logical_name: str) -> PropertyReference:
        """The reference; where there is none, an error that lists what there is."""
        try:
            return self.outputs[step_name][logical_name]
        except KeyError as missing:
            there = ", ".join(f"{step}.{name}" for step, names in self.outputs.items() for name in names)
            raise RefusedError(
                f"there is no output {step_name}.{logical_name}; there is {there or 'none at all'}",
                slug="unknown-output",
                where=f"{step_name}.{logical_name}",
                hint="register it first: register_output(step_name, logical_name, property_path)",
            ) from missing
