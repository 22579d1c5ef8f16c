"""Whose turn it is: the training job definitions of a tuning job, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seatrial.engines.tuning.early_stopping import MedianRule
from seatrial.engines.tuning.parents import earlier_of
from seatrial.engines.tuning.request import Candidate, Tuning
from seatrial.engines.tuning.search import Search, Suggestion
from seatrial.engines.tuning.strategies import search_of


@dataclass(frozen=True)
class Line:
    """One definition with its search, and the rule by which its jobs are stopped early."""

    candidate: Candidate
    search: Search
    rule: MedianRule


class Rota:
    """Each definition in turn; one that has nothing left to try is left out."""

    def __init__(self, tuning: Tuning) -> None:
        self._lines = deque(
            Line(each, search_of(each, tuning, place), MedianRule(each.objective))
            for place, each in enumerate(tuning.candidates)
        )

    def remember(self, parents: Sequence[Mapping[str, Any]]) -> int:
        """Take into account what earlier tuning jobs found; how many of their training jobs count."""
        counted = [
            line.search.remember(earlier.values, earlier.value)
            for line in self._lines
            for earlier in earlier_of(parents, line.candidate)
        ]
        return sum(counted)

    def next(self) -> tuple[Line, Suggestion] | None:
        """What to try next, None if there is nothing left."""
        while self._lines:
            line = self._lines.popleft()
            suggestion = line.search.ask()
            if suggestion is not None:
                self._lines.append(line)
                return line, suggestion
        return None
