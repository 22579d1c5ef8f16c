"""What a property of a step stands for, asked of one strategy after another; knows none of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from seatrial.definition import ParameterValue, PropertyPath
from seatrial.definition.model import Json
from seatrial.errors import ExpressionError
from seatrial.outputs.references import PropertyReference

Context = Mapping[str, ParameterValue]
"""The values of the pipeline's parameters, as far as they are given."""

_NONE: Context = {}


class PropertyResolutionStrategy(Protocol):
    """One place where values are known."""

    def can_resolve(self, step_name: str, property_path: str, context: Context) -> bool:
        """Whether the value is known here."""

    def resolve(self, step_name: str, property_path: str, context: Context) -> Json:
        """The value; asked only of who can."""


class PropertyResolutionService:
    """Asks its strategies in the order in which they were registered; the first that can, answers.

    An answer is kept for the same property and context until `forget` or a new strategy; what nobody
    could answer is asked again each time. Undefined is an error, never None.
    """

    def __init__(self, strategies: Iterable[PropertyResolutionStrategy] = ()) -> None:
        self._strategies = list(strategies)
        self._known: dict[tuple[object, ...], Json] = {}

    def register_strategy(self, strategy: PropertyResolutionStrategy) -> None:
        """Ask this one too, after all others."""
        self._strategies.append(strategy)
        self.forget()

    def resolve_property(self, step_name: str, property_path: str, context: Context = _NONE) -> Json:
        """The value of `Steps.<step_name>.<property_path>`."""
        asked = (step_name, str(PropertyPath.parse(property_path)), _frozen(context))
        if asked not in self._known:
            self._known[asked] = self._ask(step_name, property_path, context)
        return self._known[asked]

    def resolve(self, reference: PropertyReference, context: Context = _NONE) -> Json:
        """The value that a reference stands for."""
        return self.resolve_property(reference.step_name, reference.property_path, context)

    def forget(self) -> None:
        """Ask anew from now on: an execution went on, a registry was filled."""
        self._known.clear()

    def _ask(self, step: str, path: str, context: Context) -> Json:
        for strategy in self._strategies:
            if strategy.can_resolve(step, path, context):
                return strategy.resolve(step, path, context)
        asked = ", ".join(type(strategy).__name__ for strategy in self._strategies)
        raise ExpressionError(
            f"nobody knows Steps.{step}.{path}; asked: {asked or 'nobody at all'}",
            slug="unresolved-property",
            where=f"Steps.{step}.{path}",
            hint="register a strategy that knows the execution, or correct the path",
        )


def _frozen(context: Context) -> tuple[object, ...]:
    # 1, 1.0 and True are equal to Python and not to a pipeline.
    return tuple(sorted((name, type(value).__name__, value) for name, value in context.items()))
