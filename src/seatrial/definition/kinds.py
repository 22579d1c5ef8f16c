"""What kind of value an expression will yield, as far as the definition tells before anything ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from seatrial.definition.expressions import evaluate, expression_of, parse_get
from seatrial.definition.model import Json, ParameterValue, PipelineDefinition, StepShape
from seatrial.definition.paths import PropertyPath
from seatrial.definition.properties import Live, follow
from seatrial.definition.requests.rules import Unresolved
from seatrial.errors import ExpressionError


@dataclass(frozen=True)
class BeforeRun:
    """The scope before a run: parameters, where they are bound, and nothing else."""

    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)

    def parameter(self, name: str) -> Json:
        """The bound value."""
        if name in self.parameters:
            return self.parameters[name]
        return self._unknown(f"Parameters.{name}")

    def execution(self, name: str) -> Json:
        """Not known yet."""
        return self._unknown(f"Execution.{name}")

    def step_property(self, step: str, path: PropertyPath) -> Json:
        """Not known yet."""
        return self._unknown(f"Steps.{step}.{path}")

    def property_file(self, step: str, name: str) -> Json:
        """Not known yet."""
        return self._unknown(f"Steps.{step}.PropertyFiles.{name}")

    def s3_json(self, uri: str) -> Json:
        """Not known yet."""
        return self._unknown(uri)

    def _unknown(self, name: str) -> Json:
        raise ExpressionError(
            f"{name} is not known before the run", slug="not-known-yet", where=name, hint="run the pipeline"
        )


@dataclass(frozen=True)
class Known:
    """Looks at one value: itself, its value if parameters alone decide it, else the kind it will have."""

    definition: PipelineDefinition
    shapes: Mapping[str, StepShape]
    scope: BeforeRun

    def __call__(self, value: Json) -> Json | Unresolved:
        """The value as far as it is known."""
        expression = expression_of(value)
        if expression is None:
            return value
        try:
            return evaluate(value, self.scope)
        except ExpressionError:
            return Unresolved(self._kind(*expression))

    def _kind(self, function: str, operand: Json) -> str:
        if function == "Std:Join":
            return "string"
        return self._kind_of_get(operand) if function == "Get" else "any"

    def _kind_of_get(self, text: str) -> str:
        try:
            get = parse_get(text)
        except ExpressionError:
            return "any"
        if get.root == "Parameters":
            parameter = self.definition.parameter(get.name)
            return parameter.type.lower() if parameter is not None else "any"
        if get.root == "Execution":
            return "string"
        return self._kind_of_property(get.name, get.path)

    def _kind_of_property(self, name: str, path: PropertyPath | None) -> str:
        step = self.definition.step(name)
        shape = self.shapes.get(step.type) if step is not None else None
        if step is None or shape is None or path is None:
            return "any"
        found = follow(path, step, shape)
        return found.kind if isinstance(found, Live) else "any"
