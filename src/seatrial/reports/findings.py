"""Findings for people: by gravity and code, the remedy once; what is suppressed comes last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from seatrial.ports.findings import Finding, Severity
from seatrial.reports.findings_page import ALL_KINDS
from seatrial.reports.text import shown

# What was substituted has lines of its own, and so has a step that waits for an answer.
_TOLD_ELSEWHERE = frozenset({"ST205", "ST230"})
# Entries of the settings that fit nothing, where the others are of the definition.
_ABOUT_ENTRIES = frozenset({"ST234", "ST235"})
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Every finding; or that there is none."""
    if not findings:
        console.print(shown("No findings: the data flow is as declared.", "green"))
        return
    weighing = [found for found in findings if found.suppressed is None]
    for severity in Severity:
        same = [found for found in weighing if found.severity is severity]
        if same:
            console.print(shown(tally(same).upper(), STYLES[severity]))
            for renderable in rendered_findings(same):
                console.print(renderable)
    for renderable in suppressed_findings(findings):
        console.print(renderable)
    console.print(shown(tally(findings)))


def show_verdict(console: Console, findings: Sequence[Finding], *, to_the_end: bool = True) -> None:
    """What is wrong in full, notes by code alone, and what that says of the data flow.

    Of an execution that did not come `to_the_end`, only the part that ran can be judged.
    """
    weighing = [found for found in findings if found.suppressed is None]
    wrong = [found for found in weighing if found.severity is not Severity.NOTE]
    for renderable in rendered_findings(wrong):
        console.print(renderable)
    accepted = sorted({found.code for found in findings if found.suppressed is not None})
    if accepted:
        console.print(
            shown(f"suppressed here: {', '.join(accepted)} (`seatrial check` says why)", "dim"),
            soft_wrap=True,
        )
    notes = sorted({found.code for found in weighing if found.severity is Severity.NOTE} - _TOLD_ELSEWHERE)
    idle = [code for code in notes if code.startswith("ST2") and code not in _ABOUT_ENTRIES]
    for said, codes in (("without effect here", idle), ("notes", [c for c in notes if c not in idle])):
        if codes:
            text = f"{said}: {', '.join(codes)} (`seatrial check` explains)"
            console.print(shown(text, "dim"), soft_wrap=True)
    flow = [found for found in wrong if found.code.startswith("ST1")]
    clean = "as declared; no errors, no warnings" if to_the_end else "no errors, no warnings as far as it ran"
    console.print(shown(f"data flow: {tally(flow) if flow else clean}", "yellow" if flow else "green"))


def rendered_findings(findings: Iterable[Finding]) -> list[RenderableType]:
    """One block for each code and severity."""
    ordered = sorted(findings, key=_order)
    groups = groupby(ordered, key=lambda found: (found.severity, found.code))
    return [_block(severity, code, list(same)) for (severity, code), same in groups]


def tally(findings: Iterable[Finding]) -> str:
    """How many of each severity, then those that weigh nothing: `2 errors, 1 note, 3 suppressed`."""
    every = list(findings)
    found = [finding.severity for finding in every if finding.suppressed is None]
    counts = [(found.count(severity), severity.value) for severity in Severity]
    said = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count]
    suppressed = len(every) - len(found)
    return ", ".join([*said, *([f"{suppressed} suppressed"] if suppressed else [])]) or "no findings"


def _order(found: Finding) -> tuple[int, str, str]:
    return list(Severity).index(found.severity), found.code, found.where


def _block(severity: Severity, code: str, findings: list[Finding]) -> Group:
    kind = ALL_KINDS.get(code)
    heading = Text.assemble(
        (f"{severity.value} {code}", STYLES[severity]), (f"  {kind.title}" if kind else "")
    )
    return Group(heading, *(_one(found) for found in findings), *_remedies(findings))


def _one(found: Finding) -> RenderableType:
    facts = (
        ("at", found.where),
        ("and", found.also),
        ("expected", found.expected),
        ("observed", found.observed),
    )
    if found.severity is Severity.NOTE:
        return Padding(shown(found.message), (0, 0, 0, 2), expand=False)
    lines = [shown(found.message), *(_fact(name, value) for name, value in facts if value)]
    # Each by itself: together they are filled with blanks to the longest, and wrap in a narrower window.
    return Group(*(Padding(line, (0, 0, 0, 2), expand=False) for line in lines))


def suppressed_findings(findings: Iterable[Finding]) -> list[RenderableType]:
    """One line for each, and why the project accepts it."""
    accepted = sorted((found for found in findings if found.suppressed is not None), key=_order)
    return [
        Group(
            Text.assemble((f"suppressed {found.code}", "dim"), "  ", shown(found.message, "dim")),
            Padding(Text.assemble(("because  ", "dim"), shown(found.suppressed)), (0, 0, 0, 2), expand=False),
        )
        for found in accepted
    ]


def _fact(name: str, value: str) -> RenderableType:
    return Padding(Text.assemble((f"{name:<9}", "dim"), shown(value)), (0, 0, 0, 2), expand=False)


def _remedies(findings: list[Finding]) -> list[RenderableType]:
    hints = dict.fromkeys(found.hint for found in findings if found.hint)
    return [Padding(Text.assemble(("→ ", "bold"), shown(hint)), (0, 0, 0, 2), expand=False) for hint in hints]
