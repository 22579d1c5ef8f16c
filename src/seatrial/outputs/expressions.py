"""The text of a value before the run: what parameters decide is filled in, the rest is shown in braces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from seatrial.definition import MISSING, ParameterValue, PipelineDefinition, evaluate, look_up
from seatrial.definition.model import Json
from seatrial.definition.paths import PropertyPath
from seatrial.errors import ExpressionError


@dataclass(frozen=True)
class Known:
    """What is known of an execution: its parameters and, once it exists, its `Execution.*` values.

    `properties` are those of its steps, by name, for whoever asks where something really was.
    """

    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    execution: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Json] = field(default_factory=dict)


def known_of(definition: PipelineDefinition, bound: Mapping[str, ParameterValue] | None = None) -> Known:
    """The defaults of the definition, overridden by what is bound."""
    defaults = {
        parameter.name: parameter.default
        for parameter in definition.parameters
        if parameter.default is not MISSING
    }
    return Known({**defaults, **(bound or {})})


@dataclass(frozen=True)
class Text:
    """A value as text; `complete` unless some of it is decided during the run."""

    text: str
    complete: bool


def text_of(value: Json, known: Known) -> Text:
    """The value as text; what is unknown stands in braces, so the same unknown always reads the same."""
    scope = _Braces(known)
    try:
        found = evaluate(value, scope)
    except ExpressionError:
        return Text("{Std:JsonGet}", complete=False)
    return Text(str(found), complete=not scope.unknown)


def value_of(value: Json, known: Known) -> Json:
    """The value with every expression filled in; what is decided during the run is an ExpressionError."""
    scope = _Braces(known)
    found = evaluate(value, scope)
    if scope.unknown:
        raise _decided_later(scope.unknown[0])
    return found


@dataclass
class _Braces:
    """A scope that answers every question, with the question itself where there is no answer."""

    known: Known
    unknown: list[str] = field(default_factory=list)

    def parameter(self, name: str) -> Json:
        if name in self.known.parameters:
            return self.known.parameters[name]
        return self._shown(f"Parameters.{name}")

    def execution(self, name: str) -> Json:
        return self.known.execution.get(name) or self._shown(f"Execution.{name}")

    def step_property(self, step: str, path: PropertyPath) -> Json:
        try:
            return look_up(self.known.properties[step], path)
        except (ExpressionError, KeyError):
            return self._shown(f"Steps.{step}.{path}")

    def property_file(self, step: str, name: str) -> Json:
        raise _decided_later(f"Steps.{step}.PropertyFiles.{name}")

    def s3_json(self, uri: str) -> Json:
        raise _decided_later(uri)

    def _shown(self, reference: str) -> str:
        self.unknown.append(reference)
        return f"{{{reference}}}"


def _decided_later(where: str) -> ExpressionError:
    return ExpressionError(
        f"{where} is decided during the run",
        slug="decided-during-run",
        where=where,
        hint="ask again of an execution",
    )
