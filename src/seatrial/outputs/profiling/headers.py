"""Whether the first row of a CSV file names the columns: many files for SageMaker's algorithms have none.

Said for sure where the rows show it, else as a guess; the parts of one table then decide together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from seatrial.outputs.profiling.tally import NULLS, is_typed

_NAME = re.compile(r"[^\W\d][\w .:/()%#@+-]{0,80}").fullmatch
_PLAIN_NAME = re.compile(r"[^\W\d]\w{0,80}").fullmatch
_LEAST_NUMBERED = 4  # pandas names columns 0, 1, 2 … where nobody named them; a row `0,1` is data

Row = Sequence[str]


def has_header(first: Row, others: Sequence[Row]) -> tuple[bool, bool]:
    """Whether the first row is a header, and whether that is sure."""
    cells = [cell.strip() for cell in first]
    if _is_numbered(cells):
        return True, True
    named = cells[1:] if cells[0] == "" and len(cells) > 1 else cells  # pandas writes its index without name
    if any(cell and (cell in NULLS or is_typed(cell)) for cell in named):
        return False, True
    if "" in named or len(set(cells)) < len(cells):
        return _names_what_lies_beneath(cells, others), True
    if not others:
        return len(cells) > 1 and all(map(_PLAIN_NAME, named)), False
    columns = list(zip(*others, strict=False))
    if any(_is_typed_column(column) for column in columns):
        return True, True
    if any(cell in column for cell, column in zip(first, columns, strict=False)):
        return False, True
    return all(map(_NAME, named)), False


def _names_what_lies_beneath(cells: list[str], others: Sequence[Row]) -> bool:
    """Of a row with a name twice, as joins leave it, or with an empty cell above a column without a value."""
    columns = list(zip(cells, zip(*others, strict=False), strict=False))
    named = [(cell, column) for cell, column in columns if cell]
    return (
        all(_NAME(cell) for cell, _ in named)
        and any(_is_typed_column(column) for _, column in named)
        and not any(any(column) for cell, column in columns if not cell)
    )


def _is_numbered(cells: list[str]) -> bool:
    return len(cells) >= _LEAST_NUMBERED and cells == [str(number) for number in range(len(cells))]


def _is_typed_column(cells: Sequence[str]) -> bool:
    kept = [cell for cell in cells if cell not in NULLS]
    return bool(kept) and all(map(is_typed, kept))
