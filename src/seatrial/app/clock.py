"""The machine's own time."""

from __future__ import annotations

import time
from datetime import datetime, timezone


class SystemClock:
    """Time as it passes."""

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(timezone.utc)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
