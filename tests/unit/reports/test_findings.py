"""Findings in a terminal, as they can be copied from there."""

from __future__ import annotations

import io

from rich.console import Console

from seatrial.ports.findings import Finding, Severity
from seatrial.reports.findings import show_findings

SHORT_AND_LONG = Finding("ST104", Severity.ERROR, "short", "/Steps/0", also=f"s3://bucket/{'long' * 9}")


def test_no_line_is_filled_with_blanks_to_the_length_of_the_longest() -> None:
    file = io.StringIO()
    show_findings(Console(file=file, width=200), [SHORT_AND_LONG])
    lines = file.getvalue().splitlines()
    assert "  short" in lines
    assert lines == [line.rstrip() for line in lines]
