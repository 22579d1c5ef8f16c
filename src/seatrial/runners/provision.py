"""Installs and starts Docker Engine where we may."""

from __future__ import annotations

from collections.abc import Callable

from seatrial.runners.connection import connect


def ensure_engine(progress: Callable[[str], None]) -> None:
    """See to it that an engine answers."""
    connect().close()
