"""Writes `docs/fidelity.md` from the rules: `python -m tests.conformance.write_fidelity`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seatrial.engines.native.unsupported import UNSUPPORTED
from seatrial.settings import FidelitySettings
from tests.conformance.rules import RULES, Rule

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "docs" / "fidelity.md"

_OPENING = """\
# How close to the service

Every rule that seatrial follows when it runs a job, how sure we are of it, and what holds it in place.
A case is a folder below `tests/conformance/jobs`, run in a real container; the others are tests by name.
*Different here* is said where one machine cannot or should not do the same.

Written by `python -m tests.conformance.write_fidelity` from `tests/conformance/rules.py`; edit that.
"""

_SETTINGS = """\
## Where nobody knows

Behaviours that nobody outside the service can confirm are settings: `[fidelity]` in `seatrial.toml`, or
`SEATRIAL_FIDELITY__<NAME>` in the environment.

| setting | default | meaning |
|---|---|---|"""

_REFUSED = """\
## What is refused before a run

These members of a request are not run yet, or not with every value. `seatrial plan` says which, where
and why.
"""


def document() -> str:
    """The whole text."""
    return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    yield _OPENING
    for title, rules in RULES.items():
        yield f"## {title}\n"
        yield "| rule | how sure | setting | held by |\n|---|---|---|---|"
        yield from map(_row, rules)
        yield ""
    yield _SETTINGS
    for name, field in FidelitySettings.model_fields.items():
        yield f"| `{name}` | `{field.default}` | {field.description} |"
    yield ""
    yield _REFUSED
    for kind, table in UNSUPPORTED.items():
        yield f"- {kind}: " + ", ".join(f"`{pointer}`" for pointer in table)


def _row(rule: Rule) -> str:
    setting = f"`{rule.setting}`" if rule.setting else ""
    held_by = ", ".join(_holder(name) for name in rule.held_by)
    return f"| {rule.text} | {rule.sure.value} | {setting} | {held_by} |"


def _holder(name: str) -> str:
    path, separator, function = name.partition("::")
    if separator:
        return f"[{function}](../{path})"
    return f"[{name}](../tests/conformance/jobs/{name})"


if __name__ == "__main__":
    TARGET.write_text(document())
