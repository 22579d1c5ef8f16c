"""What object a path in the trace means."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seatrial.storage.calls.paths import split_path, split_source


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", ("", "")),
        ("/bucket", ("bucket", "")),
        ("/bucket/", ("bucket", "")),
        ("/bucket/a/b.csv", ("bucket", "a/b.csv")),
        ("/bucket/a b", ("bucket", "a b")),
        ("/bucket/a%20b", ("bucket", "a%20b")),
        ("/bucket/a%20b%2Bc", ("bucket", "a b+c")),
        ("/bucket/%C3%A9%2520.txt", ("bucket", "%C3%A9%2520.txt")),
        ("/bucket/%C3%A9%2520%2B.txt", ("bucket", "é%20+.txt")),
        ("/bucket/%41%2d.csv", ("bucket", "%41%2d.csv")),
        ("/bucket/a b%2Bc", ("bucket", "a b%2Bc")),
        ("/bucket/é%3D", ("bucket", "é%3D")),
        ("/bucket/100%", ("bucket", "100%")),
        ("/bucket/a%7Eb%2Bc", ("bucket", "a~b+c")),
    ],
)
def test_a_path_is_a_bucket_and_a_key(path: str, found: tuple[str, str]) -> None:
    assert split_path(path) == found


@given(st.text("ab/ é+&=%!'()*~", min_size=1, max_size=12))
def test_a_key_is_found_again_however_a_client_wrote_it(key: str) -> None:
    # Only a key that itself looks like an encoded one may be taken for what it would stand for.
    assume(unquote(key) == key)
    assume(not key.startswith("/"))
    for sent in (quote(f"/bucket/{key}", safe="/~"), quote(f"/bucket/{key}", safe="/~+=&!'()*")):
        traced = f"/bucket/{key}" if sent == quote(f"/bucket/{key}", safe="$&+,/:;=@-_.~") else sent
        assert split_path(traced) == ("bucket", key)


@pytest.mark.parametrize("header", ["/bucket/a%20b", "bucket/a%20b", "bucket/a b?versionId=null"])
def test_the_source_of_a_copy_is_written_in_several_ways(header: str) -> None:
    assert split_source(header) == ("bucket", "a b")
