"""Patterns of AWS's service model in Python's dialect; knows nothing of shapes."""

from __future__ import annotations

import re
import warnings
from functools import cache


@cache
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, None where Python's dialect has no such construct (`\\p{L}`, surrogate ranges)."""
    try:
        with warnings.catch_warnings():
            # A nested set is legal today and warned about; it means here what it means to the service.
            warnings.simplefilter("ignore", FutureWarning)
            return re.compile(pattern)
    except re.error:
        return None
