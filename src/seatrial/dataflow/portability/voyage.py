"""One of the runs that are held against each other, and the text that names it alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.portability.needles import Needle, is_telling
from seatrial.outputs import Side
from seatrial.ports.storage import S3Uri

LogOf = Callable[[str], bytes]


@dataclass(frozen=True)
class Voyage:
    """A run under one prefix; `log_of` gives the log of a step, empty where there is none."""

    flow: Flow
    side: Side
    account_id: str
    region: str
    log_of: LogOf = lambda step: b""

    @cached_property
    def prefix(self) -> S3Uri:
        """Where it was told to write."""
        return S3Uri.parse(self.flow.record.prefix or "")

    @cached_property
    def needle(self) -> Needle:
        """The prefix as it is looked for."""
        return Needle("the first prefix", self.prefix, by_key=is_telling(self.prefix.key))

    def ran_well(self, step: str) -> bool:
        """Whether the step was run here, and came through."""
        return self.side.statuses.get(step) == "Succeeded" and self.side.taken_from(step) is None

    def unnamed(self, text: str) -> str:
        """The text without what no other run would have in it: prefix, ids, names, account, region."""
        text = self.side.masked(self.needle.replaced(text, "{prefix}"))
        for name, shown in self._words:
            text = name.sub(shown, text)
        return text

    @cached_property
    def _words(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        words = {self.prefix.bucket: "{bucket}", self.account_id: "{account}", self.region: "{region}"}
        return tuple(
            (re.compile(rf"(?<![A-Za-z0-9.-]){re.escape(word)}(?![A-Za-z0-9-]|\.[a-z0-9])"), shown)
            for word, shown in words.items()
        )
