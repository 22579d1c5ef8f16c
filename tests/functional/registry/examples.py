"""The examples of a page: each block of Python, and the block of text after it that says what it prints."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLOCKS = re.compile(r"```python\n(.*?)```\n\s*```text\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Example:
    """What is run, and what it prints."""

    code: str
    prints: str


def examples_of(page: str) -> list[Example]:
    """In the order of the page; a block without its text is an error."""
    found = [Example(*match) for match in _BLOCKS.findall(page)]
    if len(found) != page.count("```python\n"):
        raise ValueError("a block of Python is not followed by what it prints")
    return found
