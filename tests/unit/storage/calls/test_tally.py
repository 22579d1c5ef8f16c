"""Calls that are alike are one, and there is a most that is kept."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from seatrial.ports.observation import S3Call
from seatrial.storage.calls.tally import Tally

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def call(key: str, *, operation: str = "GetObject", status: int = 200, after: int = 0) -> S3Call:
    time = NOON + timedelta(seconds=after)
    return S3Call(operation, "bucket", key, status, time, time, bytes_in=1, bytes_out=2)


def test_calls_alike_are_counted_from_the_first_to_the_last() -> None:
    tally = Tally()
    tally.add([call("a", after=5), call("a"), call("a", after=9)])
    assert tally.seen().calls == (
        S3Call("GetObject", "bucket", "a", 200, NOON, NOON + timedelta(seconds=9), 3, 3, 6),
    )


def test_another_operation_key_or_answer_is_another_call() -> None:
    tally = Tally()
    tally.add([call("a", after=3), call("b", after=2), call("a", status=404, after=1)])
    tally.add([call("a", operation="HeadObject")])
    assert [(c.operation, c.key, c.status) for c in tally.seen().calls or ()] == [
        ("HeadObject", "a", 200),
        ("GetObject", "a", 404),
        ("GetObject", "b", 200),
        ("GetObject", "a", 200),
    ]


def test_what_has_no_place_any_more_is_counted_and_said() -> None:
    tally = Tally(most=2)
    tally.add([call("a"), call("b"), call("c"), call("c"), call("a")])
    seen = tally.seen()
    assert [(c.key, c.count) for c in seen.calls or ()] == [("a", 2), ("b", 1)]
    assert seen.unseen == "2 more calls, of other objects than these 2"
