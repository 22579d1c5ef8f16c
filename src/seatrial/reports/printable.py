r"""Text that containers wrote, made fit for documents: HTML and XML 1.0 hold every character that is left.

Nothing is dropped but what steers a terminal; what could not be seen, or would mislead, is spelt out: `\x07`.
"""

from __future__ import annotations

import re

from seatrial.reports.text import ESCAPE_SEQUENCE

# Controls, lone surrogates, non-characters, and what turns the direction of text (it could make a file
# name or a log line read as another).
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r+\n|\r")


def printable(text: str) -> str:
    """The text with every character visible, lines ended by a line feed."""
    lines = _LINE_ENDS.sub("\n", ESCAPE_SEQUENCE.sub("", text))
    return _UNFIT.sub(_spelt, lines)


def decoded(data: bytes) -> str:
    r"""Bytes as text; those that are no UTF-8 are spelt out (`\xff`)."""
    return data.decode("utf-8", "backslashreplace")


def _spelt(found: re.Match[str]) -> str:
    code = ord(found.group())
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that was no UTF-8, as Python carries it
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
