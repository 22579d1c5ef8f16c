"""Lengths of time as definitions write them: ISO 8601, and what AWS's own text takes for it."""

from __future__ import annotations

import re
from datetime import timedelta

# Seen in AWS's own text: PT1H, P30d, 30d, 5y, T16m, 30dT5h, p30d, P4DT12H.
_DURATION = re.compile(
    r"p?(?=.*\d)((?P<years>\d+)y)?((?P<months>\d+)m)?((?P<weeks>\d+)w)?((?P<days>\d+)d)?"
    r"(t(?=\d)((?P<hours>\d+)h)?((?P<minutes>\d+)m)?((?P<seconds>\d+)s)?)?",
    re.ASCII | re.IGNORECASE,
)
# Of what length a month is, nobody says; nothing here depends on a day more or less.
_DAYS = {"years": 365, "months": 30, "weeks": 7, "days": 1}
_SECONDS = {"hours": 3600, "minutes": 60, "seconds": 1}


def parse_duration(text: str) -> timedelta | None:
    """The length, None where the text is no duration; one beyond all calendars is the longest there is."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    given = {name: int(count) for name, count in found.groupdict(default="0").items()}
    days = sum(given[name] * length for name, length in _DAYS.items())
    seconds = sum(given[name] * length for name, length in _SECONDS.items())
    try:
        return timedelta(days=days, seconds=seconds)
    except OverflowError:
        return timedelta.max
