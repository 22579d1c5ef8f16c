"""What a hyperparameter's text may be: how it is read, and which values are within range."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Any

from sagemaker_algorithm_toolkit.exceptions import AlgorithmError, UserError


@dataclass(frozen=True)
class Interval:
    """A range of numbers; a missing bound is infinity, an open one is not part of it."""

    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, value: Any) -> bool:
        # By what is outside: a NaN is within every interval, as in the original.
        below = self.low is not None and (value < self.low or (self.low_open and value == self.low))
        above = self.high is not None and (value > self.high or (self.high_open and value == self.high))
        return not (below or above)

    def __str__(self) -> str:
        opening = "(-inf" if self.low is None else f"{'(' if self.low_open else '['}{self.low}"
        closing = "+inf)" if self.high is None else f"{self.high}{')' if self.high_open else ']'}"
        return f"{opening}, {closing}"


def itself(value: Any) -> Sequence[Any]:
    """A single value is judged as it is."""
    return (value,)


@dataclass(frozen=True)
class Kind:
    """How a value is read, what it may be, and into which parts it falls for being judged."""

    read: Callable[[str], Any]
    range: Container[Any]
    parts: Callable[[Any], Sequence[Any]] = itself
    required: bool = False

    def parse(self, name: str, text: str) -> Any:
        """The value of the text."""
        try:
            return self.read(text)
        except (ValueError, SyntaxError) as unreadable:
            cause = ValueError() if isinstance(unreadable, SyntaxError) else unreadable
            raise UserError(f"Hyperparameter {name}: could not parse value", cause) from None

    def judge(self, name: str, value: Any) -> None:
        """Raise unless it is within range."""
        try:
            fits = all(part in self.range for part in self.parts(value))
        except UserError:
            raise
        # Whatever a value of the wrong shape provokes.
        except Exception as unexpected:  # noqa: BLE001
            message = f"Hyperparameter {name}: unexpected failure when validating {value}"
            raise AlgorithmError(message, unexpected) from None
        if not fits and self.parts is itself:
            raise UserError(f"Hyperparameter {name}: {value} is not in {self.range}")
        if not fits:
            raise UserError(f"Hyperparameter {name}: value {value} not in range {self.range}")


def whole(low: int, high: int | None = None, *, required: bool = False) -> Kind:
    """An integer between two closed bounds."""
    return Kind(int, Interval(low, high), required=required)


def real(low: float, high: float | None = None, *, low_open: bool = False, high_open: bool = False) -> Kind:
    """A number, its bounds closed unless said."""
    return Kind(float, Interval(low, high, low_open, high_open))


def one_of(*names: str) -> Kind:
    """A name of a list."""
    return Kind(str, list(names))


def names(allowed: Container[str]) -> Kind:
    """Names with commas between them; blanks are part of a name."""
    return Kind(lambda text: text.split(","), allowed, list)


def numbers(allowed: Container[int]) -> Kind:
    """A tuple of numbers, `(1,-1,0)`."""
    return Kind(ast.literal_eval, allowed, list)


def groups(allowed: Container[int]) -> Kind:
    """A list of lists of numbers, `[[1,2],[3,4]]`."""
    return Kind(ast.literal_eval, allowed, lambda value: [item for group in value for item in group])
