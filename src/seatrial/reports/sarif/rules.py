"""What each code stands for, as SARIF's rules; knows nothing of where a finding is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from seatrial import __version__
from seatrial.ports.findings import Finding, FindingKind
from seatrial.reports.findings_page import ALL_KINDS
from seatrial.reports.sarif.document import Configuration, Driver, Message, Rule, Tool

_TAGS = {"ST0": "definition", "ST1": "data-flow", "ST2": "settings", "ST3": "environment"}


def tool_of(codes: Sequence[str], findings: Sequence[Finding]) -> Tool:
    """The program, with a rule for each of the codes."""
    first = {found.code: found for found in reversed(findings)}
    rules = tuple(_rule(ALL_KINDS.get(code) or _unlisted(first[code])) for code in codes)
    return Tool(
        driver=Driver(name="seatrial", version=__version__, semantic_version=__version__, rules=rules)
    )


def _unlisted(found: Finding) -> FindingKind:
    """A refusal that has a word and no code."""
    title = found.code.replace("-", " ").capitalize()
    return FindingKind(found.code, found.severity, title, f"{title}.", "", found.hint)


def _rule(kind: FindingKind) -> Rule:
    example = f" Example: {kind.example}" if kind.example else ""
    shown = f"{kind.meaning}\n\n" + (f"**Example:** {kind.example}\n\n" if kind.example else "")
    return Rule(
        id=kind.code,
        name="".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", kind.title)),
        short_description=Message(text=kind.title),
        full_description=Message(text=kind.meaning),
        help=Message(text=f"{kind.remedy}{example}", markdown=f"{shown}**What to do:** {kind.remedy}"),
        default_configuration=Configuration(level=kind.severity.value),
        properties={"tags": ["sagemaker-pipeline", _TAGS.get(kind.code[:3], "use")]},
    )
