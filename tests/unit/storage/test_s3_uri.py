"""S3 URIs keep keys to the letter, whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.ports.storage import S3Uri

BUCKET = st.text("abc0123456789-.", min_size=3, max_size=10)
KEY = st.text(max_size=30)


@given(bucket=BUCKET, key=KEY)
def test_a_uri_survives_being_written_and_read(bucket: str, key: str) -> None:
    assert S3Uri.parse(str(S3Uri(bucket, key))) == S3Uri(bucket, key)


@given(bucket=BUCKET, key=KEY, relative=KEY)
def test_a_child_is_joined_by_exactly_one_slash(bucket: str, key: str, relative: str) -> None:
    child = S3Uri(bucket, key).child(relative)
    assert child.bucket == bucket
    below = relative.lstrip("/")
    above = key.rstrip("/")
    assert child.key == (f"{above}/{below}" if above else below)


@given(bucket=BUCKET, parts=st.lists(st.text("ab é=", min_size=1, max_size=4), min_size=1, max_size=5))
def test_descending_by_parts_is_descending_at_once(bucket: str, parts: list[str]) -> None:
    uri = S3Uri(bucket)
    for part in parts:
        uri = uri.child(part)
    assert uri == S3Uri(bucket).child("/".join(parts))


@pytest.mark.parametrize(
    "text",
    ["", "bucket/key", "s3:/bucket/key", "S3://bucket/key", "s3://", "s3:///key", "file:///x", "https://b/k"],
)
def test_what_is_no_s3_uri_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected s3://bucket/key"):
        S3Uri.parse(text)
