"""How the tests of this room look at what was drawn."""

from __future__ import annotations

import io
from collections.abc import Callable

from rich.console import Console


def drawn(draw: Callable[[Console], object], *, width: int = 200) -> str:
    """The text that `draw` leaves on a console that is no terminal."""
    file = io.StringIO()
    draw(Console(file=file, width=width, highlight=False))
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))
