"""What one line of the trace tells."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from seatrial.ports.observation import S3Call
from seatrial.storage.calls.entries import read_entry
from tests.unit.storage.calls.trace_lines import line

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=timezone.utc)


def calls(told: bytes) -> tuple[S3Call, ...]:
    entry = read_entry(told)
    assert entry is not None
    return entry.calls


def shown(told: bytes) -> list[tuple[str, str, int, str | None]]:
    return [(call.operation, call.uri, call.status, call.error) for call in calls(told)]


def test_a_call_has_its_operation_object_answer_times_and_sizes() -> None:
    told = line(
        "PutObject",
        "/bucket/a/b.csv",
        headers={"Content-Length": "3"},
        answer_headers={"Content-Length": "0"},
    )
    assert calls(told) == (S3Call("PutObject", "bucket", "a/b.csv", 200, NOON, NOON, bytes_in=3),)


def test_bytes_that_came_are_those_of_the_body_and_no_more_than_were_sent() -> None:
    told = line(answer_headers={"Content-Length": "1000"}, out=400)
    assert calls(told)[0].bytes_out == 400


def test_a_body_in_signed_chunks_says_its_own_size_apart() -> None:
    told = line("PutObject", headers={"Content-Length": "90", "X-Amz-Decoded-Content-Length": "3"})
    assert calls(told)[0].bytes_in == 3


@pytest.mark.parametrize(
    ("told", "key"),
    [
        (line(key="ABC"), "ABC"),
        (line(key=None, query="X-Amz-Credential=ABC%2F20260301%2Fus-east-1%2Fs3%2Faws4_request"), "ABC"),
        (line(key=None, headers={"Authorization": "AWS ABC:signature="}), "ABC"),
        (line(key=None, query="AWSAccessKeyId=ABC&Signature=x"), "ABC"),
    ],
    ids=["header", "presigned", "second version", "presigned in the second version"],
)
def test_the_key_that_signed_is_read(told: bytes, key: str) -> None:
    entry = read_entry(told)
    assert entry is not None
    assert entry.access_key == key


def test_a_request_that_nobody_signed_is_nobodys() -> None:
    assert read_entry(line(key=None)) is None


@pytest.mark.parametrize(
    ("handler", "operation"),
    [
        ("NewMultipartUpload", "CreateMultipartUpload"),
        ("PutObjectPart", "UploadPart"),
        ("ListObjectsV1", "ListObjects"),
        ("PutBucket", "CreateBucket"),
        ("GetObjectTagging", "GetObjectTagging"),
    ],
)
def test_operations_have_the_names_that_s3_gives_them(handler: str, operation: str) -> None:
    assert calls(line(handler))[0].operation == operation


def test_a_listing_is_of_the_prefix_that_was_asked_for() -> None:
    told = line("ListObjectsV2", "/bucket", query="list-type=2&prefix=a%2Fb%20c&delimiter=%2F")
    assert shown(told) == [("ListObjectsV2", "s3://bucket/a/b c", 200, None)]


def test_all_buckets_are_nowhere_in_particular() -> None:
    assert shown(line("ListBuckets", "/")) == [("ListBuckets", "s3:///", 200, None)]


def test_a_refusal_says_its_code() -> None:
    told = line(status=403, answer='<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')
    assert shown(told) == [("GetObject", "s3://bucket/key", 403, "AccessDenied")]
    assert calls(told)[0].refused


def test_where_no_body_may_be_sent_a_header_has_the_code() -> None:
    told = line("HeadObject", status=404, answer_headers={"X-Minio-Error-Code": "NoSuchKey"})
    assert shown(told) == [("HeadObject", "s3://bucket/key", 404, "NoSuchKey")]


def test_a_body_that_is_no_xml_says_no_code() -> None:
    assert shown(line(status=500, answer="<oops")) == [("GetObject", "s3://bucket/key", 500, None)]


def test_a_deletion_of_many_is_a_call_for_each() -> None:
    told = line(
        "DeleteMultipleObjects",
        "/bucket",
        query="delete=",
        body='<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a</Key></Object>'
        "<Object><Key>b&amp;c</Key></Object></Delete>",
        answer="<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code></Error></DeleteResult>",
    )
    assert shown(told) == [
        ("DeleteObjects", "s3://bucket/a", 403, "AccessDenied"),
        ("DeleteObjects", "s3://bucket/b&c", 200, None),
    ]


def test_a_deletion_that_cannot_be_read_is_the_buckets() -> None:
    assert shown(line("DeleteMultipleObjects", "/bucket", body="")) == [
        ("DeleteObjects", "s3://bucket/", 200, None)
    ]


def test_a_copy_reads_its_source() -> None:
    told = line(
        "CopyObject", "/bucket/new", headers={"X-Amz-Copy-Source": "/other/a%20b.csv?versionId=1"}, out=5
    )
    assert shown(told) == [
        ("CopySource", "s3://other/a b.csv", 200, None),
        ("CopyObject", "s3://bucket/new", 200, None),
    ]


@pytest.mark.parametrize("text", ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.5Z"])
def test_times_may_have_any_number_of_digits(text: str) -> None:
    assert calls(line(time=text))[0].first.replace(microsecond=0) == NOON.replace(microsecond=0)


def test_what_is_no_json_is_an_error() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        read_entry(b"oops")
