"""Two streams become one log: no byte is lost, no line is cut by the other stream."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from seatrial.runners.output import LONGEST_HELD_LINE, Lines, copy_frames


def frame(stream: int, data: bytes) -> bytes:
    """What Docker sends for a piece of output."""
    return bytes([stream, 0, 0, 0]) + len(data).to_bytes(4, "big") + data


def copied(frames: bytes) -> tuple[bool, bytes]:
    """Whether the stream was whole, and the log it made."""
    log = io.BytesIO()
    whole = copy_frames(io.BytesIO(frames), log)
    return whole, log.getvalue()


@given(st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=20))))
def test_every_byte_arrives(pieces: list[tuple[int, bytes]]) -> None:
    whole, log = copied(b"".join(frame(stream, data) for stream, data in pieces))
    assert whole
    assert sorted(log) == sorted(b"".join(data for _, data in pieces))


@given(st.lists(st.tuples(st.sampled_from([1, 2]), st.sampled_from([b"", b"x", b"xx\n", b"\n", b"x\nx"]))))
def test_lines_of_one_stream_are_not_cut_by_the_other(pieces: list[tuple[int, bytes]]) -> None:
    named = [(stream, data.replace(b"x", str(stream).encode())) for stream, data in pieces]
    _, log = copied(b"".join(frame(stream, data) for stream, data in [*named, (1, b"\n"), (2, b"\n")]))
    assert all(len(set(line)) <= 1 for line in log.split(b"\n"))


def test_unfinished_line_waits_for_its_end() -> None:
    log = io.BytesIO()
    lines = Lines(log)
    lines.write(1, b"half")
    lines.write(2, b"trouble\n")
    assert log.getvalue() == b"trouble\n"
    lines.write(1, b" whole\n")
    assert log.getvalue() == b"trouble\nhalf whole\n"


def test_progress_bar_is_seen_while_it_moves() -> None:
    log = io.BytesIO()
    Lines(log).write(2, b"10 %\r20")
    assert log.getvalue() == b"10 %\r"


def test_line_of_megabytes_is_not_held_in_memory() -> None:
    log = io.BytesIO()
    lines = Lines(log)
    lines.write(1, b"x" * LONGEST_HELD_LINE)
    assert log.getvalue() == b""
    lines.write(1, b"x")
    assert len(log.getvalue()) == LONGEST_HELD_LINE + 1


def test_last_words_without_line_end_are_kept() -> None:
    assert copied(frame(1, b"no line end")) == (True, b"no line end")


def test_cut_stream_is_noticed() -> None:
    assert copied(frame(1, b"whole\n") + frame(1, b"cut off\n")[:-3]) == (False, b"whole\ncut o")
    assert copied(frame(1, b"whole\n") + b"\x01\x00") == (False, b"whole\n")
