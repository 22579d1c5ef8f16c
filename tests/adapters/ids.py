"""Ids that count, so that a test can name a job before it exists."""

from __future__ import annotations

import itertools

from seatrial.execution.names import Ids


class CountingIds(Ids):
    """`exec00000001`, …; `0000000001`, …"""

    def __init__(self) -> None:
        self._executions = itertools.count(1)
        self._suffixes = itertools.count(1)

    def execution_id(self) -> str:
        """The next one."""
        return f"exec{next(self._executions):08}"

    def suffix(self) -> str:
        """The next one."""
        return f"{next(self._suffixes):010}"
