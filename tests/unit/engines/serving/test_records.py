"""From an object to its records, and from records to what one request holds."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.serving.payloads import MULTI, SINGLE, OversizeError, Payload, batches
from seatrial.engines.serving.records import SPLIT_TYPES, Record, SplitError, split

MAGIC = 0xCED7230A


def records(data: bytes, split_type: str) -> list[Record]:
    return list(split(io.BytesIO(data), split_type))


def contents(data: bytes, split_type: str) -> list[bytes]:
    return [record.content for record in records(data, split_type)]


def recordio(data: bytes, part: int = 0) -> bytes:
    return struct.pack("<II", MAGIC, part << 29 | len(data)) + data + bytes(-len(data) % 4)


def tfrecord(data: bytes) -> bytes:
    return struct.pack("<QI", len(data), 1) + data + struct.pack("<I", 2)


def bodies(data: bytes, split_type: str, strategy: str, limit: int | None = 100) -> list[bytes]:
    found = batches(split(io.BytesIO(data), split_type), strategy=strategy, limit=limit)
    return [payload.body for payload in found]


def test_an_object_that_is_not_split_is_one_record() -> None:
    assert contents(b"a\nb\n", "None") == [b"a\nb\n"]


def test_lines_end_where_a_line_ends_or_the_object_does() -> None:
    assert contents(b"a,1\r\nb,2\n\nc", "Line") == [b"a,1", b"b,2", b"", b"c"]


def test_frames_are_taken_off_their_data() -> None:
    assert contents(recordio(b"one") + recordio(b"four"), "RecordIO") == [b"one", b"four"]
    assert contents(tfrecord(b"one") + tfrecord(b""), "TFRecord") == [b"one", b""]


def test_a_record_with_the_magic_number_in_it_is_put_together_again() -> None:
    data = recordio(b"be", 1) + recordio(b"tw", 2) + recordio(b"een", 3) + recordio(b"next")
    magic = struct.pack("<I", MAGIC)
    assert contents(data, "RecordIO") == [b"be" + magic + b"tw" + magic + b"een", b"next"]


@pytest.mark.parametrize("split_type", SPLIT_TYPES)
def test_an_object_without_content_has_no_record(split_type: str) -> None:
    assert records(b"", split_type) == []


@pytest.mark.parametrize(
    ("data", "split_type"),
    [
        (b"a,b,c,d,e,f", "RecordIO"),
        (b"a,b,c,d,e,f,g,h", "TFRecord"),
        (recordio(b"whole")[:-6], "RecordIO"),
        (recordio(b"first", 1), "RecordIO"),
        (tfrecord(b"whole")[:-1], "TFRecord"),
        (b"abc", "TFRecord"),
    ],
)
def test_what_is_no_record_is_said(data: bytes, split_type: str) -> None:
    with pytest.raises(SplitError):
        records(data, split_type)


@given(st.lists(st.binary(max_size=20)))
def test_frames_are_read_as_they_were_written(data: list[bytes]) -> None:
    assert contents(b"".join(map(tfrecord, data)), "TFRecord") == data
    assert contents(b"".join(map(recordio, data)), "RecordIO") == data


@given(st.binary(max_size=200), st.sampled_from(["None", "Line"]))
def test_nothing_of_an_object_is_lost(data: bytes, split_type: str) -> None:
    assert b"".join(record.raw for record in records(data, split_type)) == data


def test_a_single_record_goes_without_its_line_end_or_frame() -> None:
    assert bodies(b"a\nb\n", "Line", SINGLE) == [b"a", b"b"]
    assert bodies(recordio(b"a") + recordio(b"b"), "RecordIO", SINGLE) == [b"a", b"b"]


def test_several_records_go_as_they_lie_in_the_object_as_many_as_fit() -> None:
    assert bodies(b"aa\nbb\ncc\n", "Line", MULTI, 6) == [b"aa\nbb\n", b"cc\n"]
    framed = tfrecord(b"a") + tfrecord(b"b")
    assert bodies(framed, "TFRecord", MULTI) == [framed]


def test_a_record_that_is_too_large_is_refused() -> None:
    with pytest.raises(OversizeError, match="a record of 9 bytes exceeds MaxPayloadInMB"):
        bodies(b"a\n12345678\n", "Line", MULTI, 8)


def test_without_a_limit_each_record_goes_alone() -> None:
    assert bodies(b"aa\nbb\n", "Line", MULTI, None) == [b"aa\n", b"bb\n"]


def test_what_is_left_of_a_record_is_what_counts_and_the_whole_is_kept_for_the_join() -> None:
    found = list(
        batches(
            split(io.BytesIO(b"id,1\nid,2\n"), "Line"),
            strategy=MULTI,
            limit=4,
            reduce=lambda content: content[3:],
        )
    )
    assert found == [Payload(b"id,1\nid,2\n", b"1\n2\n")]


@given(
    st.lists(st.binary(max_size=5).filter(lambda line: b"\n" not in line), max_size=20), st.integers(6, 30)
)
def test_no_payload_is_larger_than_its_limit_and_nothing_is_lost(lines: list[bytes], limit: int) -> None:
    data = b"".join(line + b"\n" for line in lines)
    found = bodies(data, "Line", MULTI, limit)
    assert b"".join(found) == data
    assert all(0 < len(body) <= limit for body in found)
