"""One object's `.out`, put together from its answers in their order (`AssembleWith`)."""

from __future__ import annotations

from pathlib import Path


def begin(target: Path) -> None:
    """An object without records has an output without content."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"")


def append(target: Path, answer: bytes, assemble_with: str) -> None:
    """Add an answer; with `Line` the next one begins on a line of its own.

    Nobody outside the service knows whether it adds a line end to one that is there: here it does not.
    """
    ended = assemble_with != "Line" or answer.endswith(b"\n")
    with target.open("ab") as out:
        out.write(answer if ended else answer + b"\n")
