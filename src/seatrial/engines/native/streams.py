"""What goes through one input's pipes: its records, unpacked and wrapped, in every epoch's own order.

Knows staged files, neither pipes nor stores; holds no more than one record in memory, and that to wrap it.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from seatrial.engines.job import FailedJobError
from seatrial.engines.native.recordio import LONGEST, TooLongError, wrap
from seatrial.engines.native.shuffling import order_of_epoch
from seatrial.engines.reading import Reading

_BLOCK = 1 << 20


@dataclass(frozen=True)
class StagedObject:
    """One object and the file that holds its content."""

    uri: str
    path: Path


Part = StagedObject | bytes
"""What is sent as one: an object's content, or some text of a manifest."""


@dataclass(frozen=True)
class Stream:
    """`records` are what a shuffle keeps together: an object, or the attributes of a line."""

    records: Sequence[Sequence[Part]]
    reading: Reading

    def epoch(self, number: int) -> Iterator[bytes]:
        """All bytes of one epoch; what cannot be read as the request says fails the job."""
        for record in order_of_epoch(self.records, self.reading.shuffle_seed, number):
            for part in record:
                yield from self._wrapped(part) if self.reading.record_io else self._blocks(part)

    def _wrapped(self, part: Part) -> Iterator[bytes]:
        content = bytearray()
        for block in self._blocks(part):
            content += block
            if len(content) > LONGEST:
                break  # what is packed may have no end
        try:
            yield wrap(content)
        except TooLongError as long:
            raise _unfit(part, str(long)) from long

    def _blocks(self, part: Part) -> Iterator[bytes]:
        if isinstance(part, bytes):
            yield part
            return
        try:
            with gzip.open(part.path) if self.reading.gzip else part.path.open("rb") as content:
                while block := content.read(_BLOCK):
                    yield block
        except (gzip.BadGzipFile, EOFError, zlib.error) as broken:
            raise _unfit(part, f"it cannot be unpacked as Gzip: {broken}") from broken


def _unfit(part: Part, why: str) -> FailedJobError:
    name = "an attribute" if isinstance(part, bytes) else part.uri
    return FailedJobError(f"ClientError: Failed to download data. {name}: {why}")
