"""The S3 calls of a step as the page lists them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from seatrial.ports.observation import Observation, S3Call
from seatrial.reports.html.calls import MOST_LISTED, CallLine, CallsView, calls_view

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def call(key: str, *, minute: int = 0, status: int = 200, **more: object) -> S3Call:
    time = NOON + timedelta(minutes=minute)
    return S3Call("GetObject", "bucket", key, status, time, time, **more)  # type: ignore[arg-type]  # as they are


def test_calls_are_lines_in_order_of_time() -> None:
    later = S3Call("PutObject", "bucket", "b", 200, NOON, NOON + timedelta(milliseconds=250), 3, 2000)
    view = calls_view(Observation(calls=(call("a", bytes_out=5), later)))
    assert view == CallsView(
        "4 calls",
        (
            CallLine("GetObject", "s3://bucket/a", "200", False, "12:00:00.000", 1, "5 B"),
            CallLine("PutObject", "s3://bucket/b", "200", False, "12:00:00.000 to 12:00:00.250", 3, "2.0 kB"),
        ),
    )


def test_of_one_call_it_is_told_when_it_was_made() -> None:
    one = S3Call("PutObject", "bucket", "b", 200, NOON, NOON + timedelta(seconds=2))
    view = calls_view(Observation(calls=(one,)))
    assert view is not None
    assert view.lines[0].when == "12:00:00.000"


def test_refused_calls_are_counted_and_never_left_out() -> None:
    refused = call("secret", minute=99, status=403, error="AccessDenied")
    view = calls_view(Observation(calls=(*(call(str(n), minute=n) for n in range(50)), refused)))
    assert view is not None
    assert view.summary == "51 calls, 1 refused"
    assert (len(view.lines), view.left_out) == (MOST_LISTED, 51 - MOST_LISTED)
    assert [line.answer for line in view.lines if line.refused] == ["403 AccessDenied"]
    assert view.lines[-1].uri == "s3://bucket/secret"


def test_what_concerns_no_bucket_has_no_object() -> None:
    view = calls_view(Observation(calls=(S3Call("ListBuckets", "", "", 200, NOON, NOON),)))
    assert view is not None
    assert view.lines[0].uri == ""


def test_what_was_not_observed_says_why() -> None:
    assert calls_view(Observation(calls_unseen="the trace broke")) == CallsView(
        "not observed", unseen="the trace broke"
    )


def test_where_nobody_looked_or_nothing_was_called_there_is_nothing_to_tell() -> None:
    assert calls_view(None) is None
    assert calls_view(Observation(calls=())) is None
    assert calls_view(Observation(files_unseen="no way to see")) is None
