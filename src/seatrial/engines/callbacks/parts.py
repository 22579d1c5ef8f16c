"""What messages are sent and answered with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from seatrial.records.callbacks import Callbacks
from seatrial.settings import CallbackSettings


@dataclass(frozen=True)
class Parts:
    """`callbacks` keeps messages and answers, `rules` say who answers, `say` tells people."""

    callbacks: Callable[[], Callbacks]
    rules: Mapping[str, CallbackSettings]
    say: Callable[[str], None]


def rule_for(rules: Mapping[str, CallbackSettings], step_name: str, queue_url: str) -> CallbackSettings:
    """The first that fits the step's name or its queue; one that names nobody where none does."""
    fitting = (
        rule
        for pattern, rule in rules.items()
        if fnmatchcase(step_name, pattern) or fnmatchcase(queue_url, pattern)
    )
    return next(fitting, CallbackSettings())
