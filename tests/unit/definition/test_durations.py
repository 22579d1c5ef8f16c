"""Durations in every form that AWS's own text has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.definition import parse_duration

counts = st.one_of(st.none(), st.integers(0, 500))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT1H", timedelta(hours=1)),
        ("P30d", timedelta(days=30)),
        ("30d", timedelta(days=30)),
        ("5y", timedelta(days=5 * 365)),
        ("T16m", timedelta(minutes=16)),
        ("30dT5h", timedelta(days=30, hours=5)),
        ("p30d", timedelta(days=30)),
        ("P4DT12H", timedelta(days=4, hours=12)),
        ("T12H", timedelta(hours=12)),
        ("P2W", timedelta(weeks=2)),
        ("1m", timedelta(days=30)),
        ("T1m", timedelta(minutes=1)),
        ("P0D", timedelta(0)),
    ],
)
def test_the_forms_of_the_guide_are_read(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "30", "T", "1d1y", "1h", "P1D ", "-1d", "1.5h", "P1DT", "٣d"]
)
def test_anything_else_is_none(text: str) -> None:
    assert parse_duration(text) is None


@given(
    days=st.tuples(counts, counts, counts, counts),
    times=st.tuples(counts, counts, counts),
    opening=st.sampled_from(["", "P", "p"]),
    lower=st.booleans(),
)
def test_whatever_is_written_adds_up(
    days: tuple[int | None, ...], times: tuple[int | None, ...], opening: str, lower: bool
) -> None:
    date = "".join(f"{n}{unit}" for n, unit in zip(days, "YMWD", strict=True) if n is not None)
    clock = "".join(f"{n}{unit}" for n, unit in zip(times, "HMS", strict=True) if n is not None)
    body = f"{date}T{clock}" if clock else date
    found = parse_duration(opening + (body.lower() if lower else body))

    if not body:
        assert found is None
        return
    years, months, weeks, single = (n or 0 for n in days)
    hours, minutes, seconds = (n or 0 for n in times)
    assert found == timedelta(
        days=years * 365 + months * 30 + weeks * 7 + single, hours=hours, minutes=minutes, seconds=seconds
    )


def test_beyond_all_calendars_is_the_longest_there_is() -> None:
    assert parse_duration(f"{10**30}y") == timedelta.max
