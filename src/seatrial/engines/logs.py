"""Reads the log that a job's container left, and makes one of several; the runner writes them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

TAIL_LINES = 20
_TAIL_BYTES = 64 * 1024


def lines(log: Path) -> Iterator[str]:
    """Every line; bytes that are no text are replaced."""
    with log.open(encoding="utf-8", errors="replace", newline="\n") as source:
        yield from source


def tail(log: Path) -> tuple[str, ...]:
    """The last lines, read from the end."""
    with log.open("rb") as source:
        source.seek(max(0, source.seek(0, os.SEEK_END) - _TAIL_BYTES))
        text = source.read().decode("utf-8", errors="replace")
    return tuple(line.rstrip("\r") for line in text.rstrip("\n").split("\n")[-TAIL_LINES:]) if text else ()


def gather(log: Path, others: Iterable[tuple[str, Path | None]]) -> None:
    """Add what several containers wrote, each line with its container's name; their own files go."""
    for name, other in others:
        if other is None or not other.is_file():
            continue
        opening = f"[{name}] ".encode()
        with log.open("ab") as target, other.open("rb") as source:
            for line in source:
                target.write(opening + line.removesuffix(b"\n") + b"\n")
        other.unlink()
