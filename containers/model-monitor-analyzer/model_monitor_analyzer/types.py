"""Of which type the values of a column are, judged by their text as the service judges them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

_INTEGRAL = re.compile(r"[-+]?[0-9]+")
_FRACTIONAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.?[0-9]+)([eE][-+]?[0-9]+)?")


def type_of(text: str) -> str:
    """Integral, Fractional or String; digits that no double can hold are text."""
    stripped = text.strip()
    if not _FRACTIONAL.fullmatch(stripped) or math.isinf(float(stripped)):
        return "String"
    return "Integral" if _INTEGRAL.fullmatch(stripped) else "Fractional"


def count_types(values: Iterable[str | None]) -> Counter[str]:
    """How many of the values that are there have each type."""
    counts: Counter[str] = Counter()
    for text, times in Counter(value for value in values if value is not None).items():
        counts[type_of(text)] += times
    return counts


def inferred_type(counts: Counter[str]) -> str:
    """The narrowest type that all values have; Unknown for a column without any."""
    for name in ("String", "Fractional", "Integral"):
        if counts[name]:
            return name
    return "Unknown"


def matching_share(expected: str, counts: Counter[str]) -> float:
    """The share of values that have a type; a whole number is a fraction, and anything is text."""
    total = sum(counts.values())
    if not total or expected in ("String", "Unknown"):
        return 1.0
    matching = counts["Integral"] + (counts["Fractional"] if expected == "Fractional" else 0)
    return matching / total
