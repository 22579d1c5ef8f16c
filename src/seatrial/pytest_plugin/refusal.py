"""What a test report says of a pipeline that was refused, or of a machine that cannot run it."""

from __future__ import annotations

import pytest

from seatrial.errors import SeatrialError
from seatrial.reports.refusal import refusal_text


def explain(raised: BaseException, report: pytest.TestReport) -> None:
    """Add a section with every problem, where it is and its remedy."""
    if isinstance(raised, SeatrialError):
        report.sections.append(("seatrial", refusal_text(raised)))
