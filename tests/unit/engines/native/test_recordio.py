"""What is wrapped as RecordIO is read back as it was, and can be found anew from anywhere."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.native import recordio
from seatrial.engines.native.recordio import TooLongError, wrap
from seatrial.engines.serving.records import split

MAGIC = struct.pack("<I", 0xCED7230A)
# Bytes in which the magic number comes often, where it counts and where it does not.
data = st.lists(st.sampled_from([MAGIC, b"a", b"", b"bcde"]) | st.binary(max_size=9), max_size=8).map(
    b"".join
)


@given(st.lists(data))
def test_records_are_read_back_as_they_were(records: list[bytes]) -> None:
    stream = io.BytesIO(b"".join(map(wrap, records)))
    assert [record.content for record in split(stream, "RecordIO")] == records


@given(data)
def test_frames_lie_at_multiples_of_four_and_the_magic_number_nowhere_else(record: bytes) -> None:
    wrapped = wrap(record)
    assert len(wrapped) % 4 == 0
    found = {at for at in range(0, len(wrapped), 4) if wrapped[at : at + 4] == MAGIC}
    begin, frames = 0, set()
    while begin < len(wrapped):
        frames.add(begin)
        (word,) = struct.unpack_from("<I", wrapped, begin + 4)
        begin += 8 + -(-(word & (1 << 29) - 1) // 4) * 4
    assert found == frames


def test_a_frame_is_as_it_was_described() -> None:
    assert wrap(b"abcde") == MAGIC + struct.pack("<I", 5) + b"abcde\0\0\0"


def test_a_record_that_the_length_cannot_tell_of_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordio, "LONGEST", 3)
    with pytest.raises(TooLongError, match="a RecordIO record can have 3 bytes"):
        wrap(b"abcd")
