"""Counts the values of one column, a chunk at a time: its type, nulls and range. Knows no file format."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from seatrial.ports.contents import NUMERIC, Column, ColumnType, joined

MOST_VALUES = 50
"""Distinct values up to which they are kept, unless one is longer than is shown of any."""

LONGEST = 60
"""Characters of a text that are shown of a minimum or maximum."""

# What pandas reads as missing: tables are written by it and for it.
NULLS = frozenset(
    {"", "nan", "NaN", "-nan", "-NaN", "NULL", "null", "None", "NA", "N/A", "n/a", "<NA>", "#N/A", "#NA"}
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}").fullmatch
_TIMESTAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|[+-]\d{2}:?\d{2}|UTC)?)?"
).fullmatch
_BOOLEANS = frozenset({"true", "false"})
_MOST_SPELLINGS = 6  # True, TRUE, true, and their opposites

Number = int | float


class Tally:
    """One column; `texts` takes cells of a format that has only text, `values` those of one with types."""

    def __init__(self, rows_before: int = 0) -> None:
        self._type: ColumnType = "empty"
        self._nulls = rows_before  # the rows that came before the column's first
        self._numbers: tuple[Number, Number] | None = None
        self._texts: tuple[str, str] | None = None
        self._values: dict[str, None] | None = {}
        self._integral = True

    def texts(self, cells: Sequence[str]) -> None:
        """Add cells as they stand in a text file."""
        kept = [cell for cell in cells if cell not in NULLS]
        self._nulls += len(cells) - len(kept)
        if not kept:
            return
        numbers = _numbers(kept)
        if numbers is None:
            self._add(_type_of_words(kept), kept)
        else:
            self._add_numbers(numbers, kept)

    def values(self, values: Sequence[Any]) -> None:
        """Add values of JSON."""
        kept = [value for value in values if value is not None and value == value]  # NaN is not
        self._nulls += len(values) - len(kept)
        if not kept:
            return
        type_ = _type_of_values(kept)
        if type_ in NUMERIC:
            self._add_numbers(kept, [str(value) for value in kept])
        else:
            self._add(type_, [_text(value) for value in kept])

    def column(self, name: str) -> Column:
        """What was counted."""
        lowest, highest = self._range()
        return Column(
            name,
            self._type,
            self._nulls,
            lowest,
            highest,
            tuple(sorted(self._values)) if self._values else None,
            self._integral and self._type in NUMERIC,
        )

    def _add_numbers(self, numbers: Sequence[Number], texts: list[str]) -> None:
        integers = set(map(type, numbers)) == {int}
        self._integral = self._integral and (integers or all(map(_is_whole, numbers)))
        low, high = min(numbers), max(numbers)
        if math.inf in (-low, high):
            numbers = [number for number in numbers if abs(number) != math.inf] or numbers
            low, high = min(numbers), max(numbers)
        self._numbers = _wider(self._numbers, (low, high))
        self._add("integer" if integers else "number", texts)

    def _add(self, type_: ColumnType, texts: list[str]) -> None:
        self._type = joined(self._type, type_)
        self._texts = _wider(self._texts, (min(texts), max(texts)))
        if self._values is not None:
            self._values.update(dict.fromkeys(texts))
            if len(self._values) > MOST_VALUES or any(len(value) > LONGEST for value in self._values):
                self._values = None

    def _range(self) -> tuple[str | None, str | None]:
        if self._type in NUMERIC and self._numbers is not None:
            return str(self._numbers[0]), str(self._numbers[1])
        if self._type in ("empty", "nested") or self._texts is None:
            return None, None
        return _cut(self._texts[0]), _cut(self._texts[1])


def is_typed(cell: str) -> bool:
    """Whether a cell is a number, a date or a truth value, which no name of a column is."""
    return _numbers([cell]) is not None or _type_of_words([cell]) != "text"


def _type_of_words(kept: Iterable[str]) -> ColumnType:
    distinct = set(kept)
    if len(distinct) <= _MOST_SPELLINGS and {each.strip().lower() for each in distinct} <= _BOOLEANS:
        return "boolean"
    if all(map(_DATE, distinct)):
        return "date"
    return "timestamp" if all(map(_TIMESTAMP, distinct)) else "text"


def _numbers(kept: list[str]) -> Sequence[Number] | None:
    """All as integers, else all as floats; Python reads `1_000` as a number, and nobody else does."""
    try:
        found: Sequence[Number] = list(map(int, kept))
    except ValueError:
        try:
            found = list(map(float, kept))
        except ValueError:
            return None
    return None if "_" in "".join(kept) else found


def _is_whole(number: Number) -> bool:
    return isinstance(number, int) or number.is_integer()


def _type_of_values(kept: list[Any]) -> ColumnType:
    types = set(map(type, kept))
    if types <= {bool}:
        return "boolean"
    if types <= {int}:
        return "integer"
    if types <= {int, float}:
        return "number"
    if types <= {dict, list}:
        return "nested"
    return _type_of_strings(kept) if types == {str} else "text"


def _type_of_strings(kept: list[str]) -> ColumnType:
    found = _type_of_words(kept)
    return "text" if found == "boolean" else found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "…" if isinstance(value, dict | list) else str(value)


def _wider(one: tuple[Any, Any] | None, other: tuple[Any, Any]) -> tuple[Any, Any]:
    return other if one is None else (min(one[0], other[0]), max(one[1], other[1]))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
