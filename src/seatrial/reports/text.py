"""Text that others wrote, made safe to show, and amounts for people; knows nothing of executions."""

from __future__ import annotations

import re

from rich.text import Text

ESCAPE_SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_KILO = 1000.0
_MINUTE = 60
_HOUR = 3600


def clean(text: str) -> str:
    """Without escape sequences and control characters: a container must not drive the user's terminal."""
    return _CONTROL.sub("", ESCAPE_SEQUENCE.sub("", text))


def shown(text: object, style: str = "") -> Text:
    """Text to be shown as it is: brackets in it are no markup."""
    return Text(clean(str(text)), style=style)


def size_text(size: int) -> str:
    """A number of bytes, as people say it."""
    amount = float(size)
    for unit in ("B", "kB", "MB"):
        if amount < _KILO:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= _KILO
    return f"{amount:.1f} GB"


def time_text(seconds: float | None) -> str:
    """A duration, as people say it; empty if there is none yet."""
    if seconds is None:
        return ""
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min {int(seconds % _MINUTE)} s"
    return f"{int(seconds // _HOUR)} h {int(seconds % _HOUR // _MINUTE)} min"
