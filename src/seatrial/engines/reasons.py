"""Tables of what an engine cannot do, or does without effect: JSON pointer to reason; knows no engine.

In a pointer `*` stands for every item of a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Reason = Callable[[Any], str | None]


@dataclass(frozen=True)
class Given:
    """The member is set to anything."""

    reason: str

    def __call__(self, value: object) -> str | None:
        return self.reason if value not in (None, False, [], {}) else None


@dataclass(frozen=True)
class OneOf:
    """The member has one of these values; `{value}` in the reason stands for it."""

    values: tuple[object, ...]
    reason: str

    def __call__(self, value: object) -> str | None:
        return self.reason.format(value=value) if value in self.values else None


def given(reason: str) -> Reason:
    """Refuse the member wherever it is set to anything."""
    return Given(reason)


def one_of(*values: object, reason: str) -> Reason:
    """Refuse some values of the member."""
    return OneOf(values, reason)


def described(reason: Reason) -> str:
    """What a reason is about, before there is a value, for people."""
    if isinstance(reason, Given):
        return reason.reason
    if isinstance(reason, OneOf):
        values = " or ".join(f"`{value}`" for value in reason.values)
        return (
            reason.reason.format(value=values) if "{value}" in reason.reason else f"{values}: {reason.reason}"
        )
    said = (getattr(reason, "__doc__", None) or "").strip().rstrip(".")
    return said[:1].lower() + said[1:]


def several_instances(value: object) -> str | None:
    """More than the one instance that there is."""
    several = isinstance(value, int) and value > 1
    return f"{value} instances; one instance is run" if several else None


def regex(value: object) -> str | None:
    """A pattern that Python does not understand."""
    try:
        re.compile(str(value))
    except re.error as broken:
        return f"the regular expression cannot be compiled ({broken})"
    return None


def list_matches(
    table: Mapping[str, Reason], parameters: Mapping[str, Any], *, expressions: bool = False
) -> list[str]:
    """`<pointer>: <reason>` for everything in the request that the table has a reason for.

    With `expressions`, a member whose value is one is judged like any other value.
    """
    return [
        f"{pointer}: {said}"
        for pattern, reason in table.items()
        for pointer, value in _select(parameters, pattern.split("/")[1:], "")
        if (expressions or not is_expression(value)) and (said := reason(value))
    ]


def _select(value: Any, parts: list[str], pointer: str) -> Iterator[tuple[str, Any]]:
    if not parts:
        yield pointer, value
        return
    part, rest = parts[0], parts[1:]
    if part == "*" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _select(item, rest, f"{pointer}/{index}")
    elif isinstance(value, Mapping) and part in value:
        yield from _select(value[part], rest, f"{pointer}/{part}")


def is_expression(value: Any) -> bool:
    """Whether the value is decided during the run."""
    return bool(
        isinstance(value, Mapping)
        and len(value) == 1
        and (key := next(iter(value)))
        and (key == "Get" or str(key).startswith("Std:"))
    )
