"""Rows that end in a location, which is never folded: a folded URI can be neither copied nor searched for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions
from rich.text import Text

_GAP = "  "
_INDENT = "    "


class LocatedRows:
    """A table whose last column is a location, on lines of its own beneath where the console is too narrow.

    To be printed with `show_rows`, for Rich would cut what is wider than the console.
    """

    def __init__(self, *columns: str, right: frozenset[str] = frozenset()) -> None:
        self._right = [column in right for column in columns]
        self._rows = [tuple(Text(column, "bold") for column in columns)]

    def add_row(self, *cells: Text) -> None:
        """One cell for each column, the location last."""
        self._rows.append(cells)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        widths = [max(cell.cell_len for cell in column) for column in zip(*self._rows, strict=True)]
        beside = sum(widths) + len(_GAP) * (len(widths) - 1) <= options.max_width
        for number, (*cells, location) in enumerate(self._rows):
            yield _line([*cells, *([location] if beside else [])], widths, self._right)
            if not beside and number and location.plain:
                yield Text.assemble(_INDENT, location)


def show_rows(console: Console, rows: LocatedRows) -> None:
    """Print them whole; a terminal wraps what is wider than itself, and knows that it is one line."""
    console.print(rows, soft_wrap=True)


def _line(cells: Sequence[Text], widths: Sequence[int], right: Sequence[bool]) -> Text:
    padded = []
    for cell, width, to_the_right in zip(cells, widths, right, strict=False):  # the location may stand apart
        room = " " * (width - cell.cell_len)
        padded.append(Text.assemble(room, cell) if to_the_right else Text.assemble(cell, room))
    line = Text(_GAP).join(padded)
    line.rstrip()
    return line
