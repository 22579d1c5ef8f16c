"""Which findings the settings suppress: asked whenever findings are read, never when they are recorded.

So a changed setting holds at once, for executions of yesterday as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from seatrial.dataflow.codes import finding
from seatrial.definition.report import suggestion
from seatrial.errors import RefusedError
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.reports.findings_page import ALL_KINDS
from seatrial.settings import Settings, SuppressSettings

_FLOW = "ST1"
_NO_EFFECT = "ST234"
_SOMETIMES_WARNINGS = frozenset({"ST007", "ST240"})
# Found only where somebody asked: under a second prefix, under a role's policy.
_WHEN_ASKED = ("ST14", "ST15")


def with_suppressions(settings: Settings, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings; each that an entry of `[[suppress]]` fits has its reason."""
    entries = _checked(settings.suppress)
    return tuple(_judged(found, entries) for found in findings)


def suppressed_record(settings: Settings, record: ExecutionRecord) -> ExecutionRecord:
    """An execution with its findings as the project sees them, and a note for each entry that fits none.

    What an execution that was cut short, or ran a part, would have shown nobody knows: no notes then.
    """
    findings = with_suppressions(settings, record.findings)
    if record.status is ExecutionStatus.SUCCEEDED and record.selection is None:
        notes = tuple(_without_effect(settings.suppress, findings))
        unneeded = _about_notes(settings.suppress, notes)
        findings = (*findings, *with_suppressions(settings, notes), *unneeded)
    return replace(record, findings=findings)


def _checked(entries: Sequence[SuppressSettings]) -> Sequence[SuppressSettings]:
    for index, entry in enumerate(entries):
        kind = ALL_KINDS.get(entry.code)
        if kind is None:
            raise _refusal(index, f"there is no finding {entry.code!r}", suggestion(entry.code, ALL_KINDS))
        refuses = kind.severity is Severity.ERROR and not entry.code.startswith(_FLOW)
        if refuses and entry.code not in _SOMETIMES_WARNINGS:
            raise _refusal(
                index,
                f"{entry.code} ({kind.title}) cannot be suppressed: nothing runs where it is found",
                f"remove the entry, and correct what is found: {kind.remedy}",
            )
    return entries


def _refusal(index: int, message: str, hint: str) -> RefusedError:
    return RefusedError(message, slug="bad-suppression", where=_place(index), hint=hint)


def _place(index: int) -> str:
    return f"settings: suppress[{index}]"


def _judged(found: Finding, entries: Iterable[SuppressSettings]) -> Finding:
    if found.severity is Severity.ERROR and not found.code.startswith(_FLOW):
        return replace(found, suppressed=None)
    return replace(found, suppressed=next((e.reason for e in entries if _fits(e, found)), None))


def _fits(entry: SuppressSettings, found: Finding) -> bool:
    if entry.code != found.code:
        return False
    ends = (found.where, found.also or "")
    return _named(entry.step, found.step or "") and any(_named(entry.where, end) for end in ends)


def _named(pattern: str | None, text: str) -> bool:
    """A name as it stands fits whatever brackets are in it."""
    return pattern is None or text == pattern or fnmatchcase(text, pattern)


def _without_effect(entries: Sequence[SuppressSettings], findings: Sequence[Finding]) -> Iterator[Finding]:
    for index, entry in enumerate(entries):
        if entry.code == _NO_EFFECT or entry.code.startswith(_WHEN_ASKED):
            continue
        if not any(_fits(entry, found) for found in findings):
            yield _note(index, entry)


def _about_notes(entries: Sequence[SuppressSettings], notes: Sequence[Finding]) -> Iterator[Finding]:
    """Entries that accept those very notes, where there is none."""
    for index, entry in enumerate(entries):
        if entry.code == _NO_EFFECT and not any(_fits(entry, note) for note in notes):
            yield _note(index, entry)


def _note(index: int, entry: SuppressSettings) -> Finding:
    said = [f"{name} {value!r}" for name in ("step", "where") if (value := getattr(entry, name))]
    return finding(
        _NO_EFFECT,
        f"{' with '.join([entry.code, *said])} is suppressed, and nothing of the kind was found",
        where=_place(index),
        observed=entry.reason,
    )
