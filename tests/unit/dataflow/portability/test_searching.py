"""Where in a file a place is named: a pointer, a line, a byte, a member; and what bounds the search."""

from __future__ import annotations

import gzip
import json

import pytest

from seatrial.dataflow.portability.needles import Needle
from seatrial.dataflow.portability.searching import Search
from seatrial.dataflow.portability.unpacking import Room, pieces_of
from seatrial.ports.storage import S3Uri
from tests.unit.dataflow.portability.test_needles import tarred, zipped

SEARCH = Search((Needle("it", S3Uri("bucket", "run")),))
NAMED = b"s3://bucket/run/x"


def places(data: bytes) -> list[str]:
    return [found.where for found in SEARCH.in_object(data, Room())]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b'{"data": {"uri/s": ["", "s3://bucket/run/x"]}}', "at /data/uri~1s/1"),
        (b'{"s3:\\/\\/bucket\\u002frun": 1}', "at /s3:~1~1bucket~1run"),
        (b'"s3://bucket/run"', "at /"),
        (b'{"n": 1}\n{"uri": "s3://bucket/run/x"}\n', "in line 2"),
        (b"a,b\n1,2\n3," + NAMED, "in line 3"),
        (b"\x00\x01" + NAMED, "at byte 2"),
        (tarred("meta.json", json.dumps({"at": NAMED.decode()}).encode()), "meta.json, at /at"),
        (zipped("m.tar.gz", tarred("./a/b.txt", NAMED)), "m.tar.gz, a/b.txt, in line 1"),
        (gzip.compress(b"1\n" + NAMED) + gzip.compress(b"2"), "in line 2"),
    ],
)
def test_it_is_said_where_in_the_file(data: bytes, where: str) -> None:
    assert places(data) == [where]


@pytest.mark.parametrize(
    "broken",
    [
        gzip.compress(NAMED * 50)[:-9] + NAMED,
        b"PK\x03\x04" + NAMED,
        zipped("x", NAMED)[:-20] + NAMED,
        b'{"uri": "s3://bucket/run"',
        b"[" * 100_000 + NAMED,
    ],
)
def test_what_is_broken_is_searched_as_it_is(broken: bytes) -> None:
    assert places(broken)


def test_no_more_is_unpacked_than_there_is_room_for() -> None:
    room = Room(left=1000)
    bomb = gzip.compress(b"0" * 1_000_000)
    assert [len(piece.data) for piece in pieces_of(bomb, room)] == [len(bomb)]
    assert room.cut


def test_archives_within_archives_end_somewhere() -> None:
    data = NAMED
    for _ in range(9):
        data = gzip.compress(data)
    (piece,) = pieces_of(data, Room())
    assert piece.data.startswith(b"\x1f\x8b")
