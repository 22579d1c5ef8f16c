"""A place is found however it is written, and never a place that merely begins alike."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import tarfile
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.dataflow.portability.needles import Needle, is_telling
from seatrial.dataflow.portability.searching import Search
from seatrial.dataflow.portability.unpacking import Room
from seatrial.ports.storage import S3Uri

RUN = Needle("the first prefix", S3Uri("bucket", "team/run"))
TELLING = Needle("the first prefix", S3Uri("bucket", "p/abc123def456/a"), by_key=True)


def found(text: str | bytes, needle: Needle = RUN) -> bool:
    return next(needle.found_in(text), None) is not None


@pytest.mark.parametrize(
    "text",
    [
        "s3://bucket/team/run",
        "s3://bucket/team/run/",
        "s3a://bucket/team/run/x.csv",
        "read 's3://bucket/team/run', then",
        "it lies in s3://bucket/team/run.",
        "s3:\\/\\/bucket\\/team\\/run\\/x",
        "s3%3A%2F%2Fbucket%2Fteam%2Frun%2Fx",
        "https://bucket.s3.amazonaws.com/team/run/x?versionId=1",
        "https://bucket.s3.eu-west-1.amazonaws.com/team/run",
        "https://s3.us-east-1.amazonaws.com/bucket/team/run",
        "http://minio:9000/bucket/team/run/x",
        "arn:aws:s3:::bucket/team/run/*",
        "bucket/team/run/x.csv",
        b"\x00\x8c\x12s3://bucket/team/run\x94",
    ],
)
def test_a_place_is_found_however_it_is_written(text: str | bytes) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "s3://bucket/team/run2",
        "s3://bucket/team/run-2",
        "s3://bucket/team/run.old/x",
        "s3://bucket/team/run%20again",
        "s3://bucket/team/runé",
        "s3://bucket/team",
        "s3://my-bucket/team/run",
        "s3://my.bucket/team/run",
        "s3://other/bucket/team/run",
        "/opt/bucket/team/run",
        "team/run",
        "s3://bucket/prod/team/run",
        "",
    ],
)
def test_another_place_is_not_taken_for_it(text: str) -> None:
    assert not found(text)


def test_a_key_alone_tells_only_where_it_looks_like_nothing_else() -> None:
    assert is_telling("p/abc123def456/a")
    assert not is_telling("data/processed")
    assert found('{"Bucket": "x", "Key": "p/abc123def456/a/x.csv"}', TELLING)
    assert found("/p/abc123def456/a", TELLING)
    assert not found("s3://elsewhere/p/abc123def456/a", TELLING)
    assert not found("p/abc123def456/ab", TELLING)


def test_what_is_found_is_shown_on_one_line_with_what_stands_around_it() -> None:
    (hit,) = RUN.found_in("first\nsecond: s3://bucket/team/run/x.csv, and\x1b[31m more")
    assert hit.text == "s3://bucket/team/run/x.csv"
    assert hit.around == "first second: s3://bucket/team/run/x.csv, and [31m more"


def test_data_that_is_expected_there_is_no_mention() -> None:
    needle = Needle("the default", S3Uri("bucket", "team/run"), exempt=("s3://bucket/team/run/raw/",))
    assert not found("s3://bucket/team/run/raw/x.csv", needle)
    assert found("s3://bucket/team/run/rawer/x.csv", needle)


segments = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=12)
keys = st.lists(segments, min_size=1, max_size=4).map("/".join)
buckets = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=3, max_size=20)
places = st.builds(S3Uri, buckets, keys)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
WRAPPINGS = ["json", "ascii", "lines", "text", "pickle", "gzip", "tar.gz", "zip", "tar.gz in zip"]


def wrapped(how: str, document: Any) -> bytes:
    """The document as an output may hold it."""
    plain = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    if how == "ascii":
        return json.dumps(document).encode()
    if how == "lines":
        return b'{"n": 1}\n' + json.dumps(document).encode() + b"\n"
    if how == "text":
        return f"# notes\n{json.dumps(document)}\n".encode()
    if how == "pickle":
        return pickle.dumps(document)
    if how == "gzip":
        return gzip.compress(plain)
    if how == "zip":
        return zipped("inside.json", plain)
    if how == "tar.gz":
        return tarred("deep/inside.json", plain)
    if how == "tar.gz in zip":
        return zipped("model.tar.gz", tarred("inside.json", plain))
    return plain


def tarred(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def zipped(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("how", WRAPPINGS)
@settings(max_examples=30)
@given(place=places, document=documents, beneath=st.sampled_from(["", "/", "/x.csv", "/a/b"]))
def test_a_planted_place_is_always_found(how: str, place: S3Uri, document: Any, beneath: str) -> None:
    planted = {"before": document, "uri": f"{place}{beneath}", "after": [document]}
    hits = list(Search((Needle("it", place),)).in_object(wrapped(how, planted), Room()))
    assert [hit for hit in hits if hit.hit.text.startswith("s3://")]


@pytest.mark.parametrize("how", WRAPPINGS)
@settings(max_examples=30)
@given(place=places, longer=segments, document=documents)
def test_a_place_that_begins_alike_is_never_found(how: str, place: S3Uri, longer: str, document: Any) -> None:
    planted = [document, f"{place}{longer}/x", f"s3://{longer}{place.bucket}/{place.key}", f"{place}{longer}"]
    assert list(Search((Needle("it", place),)).in_object(wrapped(how, planted), Room())) == []
