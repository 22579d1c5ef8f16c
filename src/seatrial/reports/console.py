"""The consoles: what was asked for goes to stdout, everything else to stderr, and some of it into a text."""

from __future__ import annotations

from typing import IO

from rich.console import Console
from rich.table import Table

# A log has no width: a URI that is folded there can be neither copied nor searched for.
_WIDE = 4096


def answers() -> Console:
    """Stdout, for what the user asked for. Rich itself honours NO_COLOR and drops colours in a pipe."""
    return _console(stderr=False)


def news() -> Console:
    """Stderr, for progress, summaries and errors."""
    return _console(stderr=True)


def plain(stream: IO[str]) -> Console:
    """A stream that is no terminal: no colours, and no line folded."""
    return Console(file=stream, highlight=False, force_terminal=False, no_color=True, width=_WIDE)


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, _WIDE)
    return console


def table(*columns: str, right: frozenset[str] = frozenset()) -> Table:
    """A table without a frame, so that lines can be copied."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made
