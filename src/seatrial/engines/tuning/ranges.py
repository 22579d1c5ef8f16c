"""The ranges of a search: each takes a position between 0 and 1 to the text of a value; knows no strategy.

Whoever searches does so between 0 and 1; what lies at a position is decided by the range's scale, so a
strategy need not know the scales that the service has.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Scale = Literal["Linear", "Logarithmic", "ReverseLogarithmic"]

# What `Auto` comes to is the service's own; here a range over as many orders of magnitude is logarithmic.
_AUTO_RATIO = 1000


class RangeError(Exception):
    """A range that the service would refuse: where it stands beneath the ranges, and why."""

    def __init__(self, pointer: str, why: str) -> None:
        super().__init__(f"{pointer}: {why}")
        self.pointer = pointer
        self.why = why


class Range(Protocol):
    """What one hyperparameter may be."""

    @property
    def name(self) -> str:
        """The hyperparameter."""

    def text_at(self, position: float) -> str:
        """The value at a position in [0, 1], as a hyperparameter's text."""

    def position_of(self, text: str) -> float | None:
        """A position of the value; None for one outside of the range."""


@dataclass(frozen=True)
class NumericRange:
    """Numbers from `low` to `high`, both within it."""

    name: str
    low: float
    high: float
    scale: Scale
    integer: bool = False

    def text_at(self, position: float) -> str:
        """The number at a position of the scale."""
        number = _unscaled(position, *self._bounds, self.scale)
        if self.integer:
            return str(min(max(round(number), int(self.low)), int(self.high)))
        return repr(min(max(number, self.low), self.high))

    def position_of(self, text: str) -> float | None:
        """Where on the scale the number is."""
        try:
            number = float(text.strip('"'))
        except ValueError:
            return None
        if not self.low <= number <= self.high:
            return None
        return _scaled(number, *self._bounds, self.scale)

    @property
    def _bounds(self) -> tuple[float, float]:
        """Of integers each gets a share of the scale of its own, the first and the last too."""
        return (self.low - 0.5, self.high + 0.5) if self.integer else (self.low, self.high)


@dataclass(frozen=True)
class CategoricalRange:
    """One of several texts."""

    name: str
    values: tuple[str, ...]

    def text_at(self, position: float) -> str:
        """Each value has an equal share."""
        return self.values[min(int(position * len(self.values)), len(self.values) - 1)]

    def position_of(self, text: str) -> float | None:
        """The middle of the value's share."""
        if text not in self.values:
            return None
        return (self.values.index(text) + 0.5) / len(self.values)


def _unscaled(position: float, low: float, high: float, scale: Scale) -> float:
    if scale == "Logarithmic":
        return math.exp(_between(position, math.log(low), math.log(high)))
    if scale == "ReverseLogarithmic":
        return 1 - math.exp(_between(position, math.log1p(-low), math.log1p(-high)))
    return _between(position, low, high)


def _scaled(number: float, low: float, high: float, scale: Scale) -> float:
    if scale == "Logarithmic":
        low, number, high = math.log(low), math.log(number), math.log(high)
    elif scale == "ReverseLogarithmic":
        low, number, high = math.log1p(-low), math.log1p(-number), math.log1p(-high)
    return (number - low) / (high - low) if high != low else 0.5


def _between(position: float, low: float, high: float) -> float:
    # Not low + position * (high - low): the difference of two large numbers may be infinite.
    return low * (1 - position) + high * position


def read_ranges(ranges: Mapping[str, Any]) -> tuple[Range, ...]:
    """The ranges of a `ParameterRanges`, kind by kind; raise `RangeError`."""
    return tuple(_read(*place) for place in _places(ranges))


def faults_of(ranges: Mapping[str, Any]) -> Iterator[RangeError]:
    """All that the service would refuse; a range with an expression in it is passed over."""
    for kind, item, pointer in _places(ranges):
        if _is_plain(kind, item):
            try:
                _read(kind, item, pointer)
            except RangeError as fault:
                yield fault


def auto_values(ranges: Mapping[str, Any]) -> dict[str, str]:
    """`AutoParameters`: the service finds ranges around each hint; here the hint is the value."""
    return {item["Name"]: item["ValueHint"] for item in ranges.get("AutoParameters") or []}


def _places(ranges: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Each range with its kind and its pointer."""
    for kind in ("Continuous", "Integer", "Categorical"):
        for index, item in enumerate(ranges.get(f"{kind}ParameterRanges") or []):
            yield kind, item, f"/{kind}ParameterRanges/{index}"


def _is_plain(kind: str, item: Mapping[str, Any]) -> bool:
    values = item.get("Values") if kind == "Categorical" else [item.get("MinValue"), item.get("MaxValue")]
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _read(kind: str, item: Mapping[str, Any], pointer: str) -> Range:
    if kind == "Categorical":
        values = tuple(item["Values"])
        if len(set(values)) < len(values):
            raise RangeError(f"{pointer}/Values", "a value stands there twice")
        return CategoricalRange(item["Name"], values)
    integer = kind == "Integer"
    low = _number(item["MinValue"], f"{pointer}/MinValue", integer=integer)
    high = _number(item["MaxValue"], f"{pointer}/MaxValue", integer=integer)
    if low > high:
        raise RangeError(pointer, f"MinValue {item['MinValue']} is greater than MaxValue {item['MaxValue']}")
    scale = _scale(
        item.get("ScalingType") or "Auto", low, high, integer=integer, pointer=f"{pointer}/ScalingType"
    )
    return NumericRange(item["Name"], low, high, scale, integer)


def _number(text: str, pointer: str, *, integer: bool) -> float:
    try:
        number = int(text) if integer else float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise RangeError(pointer, f"{text!r} is not {'an integer' if integer else 'a number'}")
    return number


def _scale(named: str, low: float, high: float, *, integer: bool, pointer: str) -> Scale:
    if named == "Auto":
        return "Logarithmic" if low > 0 and high >= _AUTO_RATIO * low else "Linear"
    if named == "Logarithmic" and low <= 0:
        raise RangeError(pointer, "Logarithmic scaling needs values greater than 0")
    if named == "ReverseLogarithmic" and (integer or low < 0 or high >= 1):
        raise RangeError(pointer, "ReverseLogarithmic scaling needs a continuous range within 0 <= x < 1")
    scales: dict[str, Scale] = {"Logarithmic": "Logarithmic", "ReverseLogarithmic": "ReverseLogarithmic"}
    return scales.get(named, "Linear")
