"""Time, as something a test can hold still."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The time in UTC, with its time zone."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
