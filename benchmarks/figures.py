"""Figures as text; decides digits and units, knows nothing of what they mean."""

from __future__ import annotations

from benchmarks.timing import Spread

TIMES = "\N{MULTIPLICATION SIGN}"

_THOUSAND = 1000


def figure(value: float, unit: str) -> str:
    """One value with its unit; seconds below one become milliseconds."""
    if unit == TIMES:
        return f"{value:.2f}{TIMES}"
    if unit == "%":
        return f"{value:.1f} %"
    if unit == "s" and abs(value) < 1:
        return f"{value * _THOUSAND:.0f} ms"
    if unit == "modules":
        return f"{value:.0f}"
    return f"{value:.2f} {unit}" if unit in ("s", "ms") else f"{value:.1f} {unit}"


def with_spread(found: Spread, unit: str) -> tuple[str, str]:
    """The middle, and least to greatest."""
    low, high = figure(found.low, unit), figure(found.high, unit)
    return figure(found.middle, unit), low if low == high else f"{low} to {high}"


def limit_text(limit: float, unit: str, at_least: bool) -> str:
    """`at most` and the limit with its unit."""
    number = f"{limit:g}{unit}" if unit == TIMES else f"{limit:g} {unit}"
    return f"at {'least' if at_least else 'most'} {number}"
