"""Other files and other contents under another prefix: what is the prefix's doing, and what is not."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from seatrial.dataflow.portability import Compared
from seatrial.ports.findings import Severity
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.simulated_run import Doing
from tests.unit.dataflow.portability.runs import (
    FIRST,
    LIKE_FIRST,
    SECOND,
    Writes,
    held,
    one_step,
    runs,
    writing,
)
from tests.unit.dataflow.reading import codes, only


def named(name: Writes, *, third: bool = False) -> Compared:
    """Write leaves one file, whose name the prefix decides."""

    def doing(prefix: str) -> dict[str, Doing]:
        return {"Write": Doing(writes={"out": {name(prefix).decode(): b"1"}})}

    return held(*runs(one_step(), doing, prefixes=(FIRST, SECOND, *([LIKE_FIRST] if third else []))))


def content(data: Writes, name: str = "a.bin", *, third: bool = False) -> Compared:
    """Write leaves one file, whose content the prefix decides."""
    prefixes = (FIRST, SECOND, *([LIKE_FIRST] if third else []))
    return held(*runs(one_step(), writing(name, data), prefixes=prefixes))


def depth(prefix: str) -> bytes:
    return f"part-{prefix.count('/')}.csv".encode()


def test_a_file_that_is_named_otherwise_is_found_with_both_names() -> None:
    found = only(named(depth).findings, "ST140")
    assert found.where == "/Steps/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri"
    assert found.expected == "part-5.csv, as under the first prefix"
    assert found.observed == "part-6.csv"
    assert found.severity is Severity.ERROR


def test_a_file_that_is_missing_is_found() -> None:
    def doing(prefix: str) -> dict[str, Doing]:
        more = {"b.csv": b"2"} if prefix == FIRST else {}
        return {"Write": Doing(writes={"out": {"a.csv": b"1", **more}})}

    found = only(held(*runs(one_step(), doing)).findings, "ST140")
    assert (found.expected, found.observed) == ("b.csv, as under the first prefix", "no other file")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "part-0-6f1c2a34-0b1d-4a57-9a10-3a4b5c6d7e8f.csv",
            "part-0-11112222-3333-4444-5555-666677778888.csv",
        ),
        ("events.out.tfevents.1767225600.algo-1", "events.out.tfevents.1767225999.algo-1"),
        ("run-2026-01-02T03-04-05.json", "run-2026-01-02T03-09-59.json"),
    ],
)
def test_names_that_each_run_makes_anew_are_excepted(first: str, second: str) -> None:
    seen = named(lambda prefix: (first if prefix == FIRST else second).encode())
    assert seen.findings == ()
    assert [each.key for each in seen.files.excepted] == [first]


def test_an_output_that_moved_beneath_its_prefix_is_found() -> None:
    definition = pipeline(
        processing("Write", outputs={"out": join(PREFIX, {"Get": "Parameters.Where"})}),
        parameters={"Where": "x"},
    )
    first = runs(definition, prefixes=(FIRST,))[0]
    moved = pipeline(
        processing("Write", outputs={"out": join(PREFIX, {"Get": "Parameters.Where"})}),
        parameters={"Where": "y"},
    )
    second = runs(moved, prefixes=(SECOND,))[0]
    found = only(held(first, second).findings, "ST140")
    assert (found.expected, found.observed) == ("{prefix}/x, as under the first prefix", "{prefix}/y")


def test_contents_that_differ_are_a_note_until_a_third_run_tells() -> None:
    found = only(content(lambda prefix: bytes([prefix.count("/")])).findings, "ST141")
    assert found.severity is Severity.NOTE
    assert "--thorough" in found.message


def test_contents_that_are_the_same_under_a_prefix_of_the_same_shape_are_the_prefixs_doing() -> None:
    found = only(content(lambda prefix: bytes([prefix.count("/")]), third=True).findings, "ST141")
    assert found.severity is Severity.ERROR
    assert "twice the same" in found.message


def test_contents_and_names_that_differ_in_any_run_are_excepted() -> None:
    number = iter(range(100))
    assert content(lambda prefix: bytes([next(number)]), third=True).findings == ()
    assert named(lambda prefix: f"try-{next(number)}x.csv".encode(), third=True).findings == ()


def packed(times: int, **files: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(data), times
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv.gz", lambda prefix: gzip.compress(b"1,2\n", mtime=len(prefix))),
        ("m.tar.gz", lambda prefix: packed(len(prefix), model=b"\x00weights")),
        ("m.tar.gz", lambda prefix: packed(len(prefix), meta=prefix.encode(), model=b"\x00weights")),
        ("a.json", lambda prefix: b'{"bucket": "%s"}' % prefix.split("/")[2].encode()),
        ("a.txt", lambda prefix: f"https://s3.amazonaws.com/{prefix.removeprefix('s3://')}/x".encode()),
    ],
)
def test_times_in_archives_and_a_runs_own_place_are_no_difference(name: str, data: Writes) -> None:
    assert content(data, name).findings == ()


def test_what_differs_in_an_archive_is_named() -> None:
    seen = content(lambda prefix: packed(0, same=b"1", other=str(prefix.count("/")).encode()), "m.tar.gz")
    assert "m.tar.gz (other)" in only(seen.findings, "ST141").message


def test_files_of_a_step_that_failed_are_left_to_its_failure() -> None:
    def doing(prefix: str) -> dict[str, Doing]:
        fails = "AlgorithmError: no such bucket" if prefix == SECOND else None
        return {"Write": Doing(writes={"out": {} if fails else {"a": b"1"}}, fails=fails)}

    assert codes(held(*runs(one_step(), doing)).findings) == ["ST143"]
