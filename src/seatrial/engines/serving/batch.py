"""Asks about every object, so many requests at a time, and puts the answers together; knows no store.

Requests of one object and of the next run side by side; answers are taken in the order of the requests.
"""

from __future__ import annotations

import gzip
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from seatrial.engines.serving import assembling
from seatrial.engines.serving.associating import AssociationError
from seatrial.engines.serving.data_log import DataLog
from seatrial.engines.serving.dialogue import Answer
from seatrial.engines.serving.limits import Limits
from seatrial.engines.serving.payloads import OversizeError, Payload, batches
from seatrial.engines.serving.records import SplitError, split
from seatrial.engines.serving.row import Row
from seatrial.engines.serving.transform import Transform

Fault = Literal["ClientError", "AlgorithmError"]


@dataclass
class Work:
    """One object: where it lies here, what it is called (`bucket/key`), where its answers go."""

    place: str
    source: Path
    target: Path
    fault: Fault | None = None
    why: str = ""


@dataclass(frozen=True)
class _Asked:
    work: Work
    payload: Payload
    answer: Future[Answer]


class Batch:
    """One transform over one model; `over` tells that it makes no sense to go on."""

    def __init__(
        self, transform: Transform, limits: Limits, row: Row, log: DataLog, over: Callable[[], bool]
    ) -> None:
        self._transform = transform
        self._limits = limits
        self._row = row
        self._log = log
        self._over = over
        self._cut = False

    def run(self, works: Sequence[Work]) -> bool:
        """Each work ends with its `.out`, or with a fault and without; False if it was over before that."""
        waiting: deque[_Asked] = deque()
        with ThreadPoolExecutor(self._limits.max_concurrent, thread_name_prefix="transform") as pool:
            for work, payload in self._payloads(works):
                if self._over():
                    self._cut = True
                    break
                waiting.append(_Asked(work, payload, pool.submit(self._ask, payload)))
                if len(waiting) >= self._limits.max_concurrent:
                    self._take(waiting.popleft())
            while waiting:
                self._take(waiting.popleft())
        return not self._cut

    def _payloads(self, works: Sequence[Work]) -> Iterator[tuple[Work, Payload]]:
        """All that is to be asked, while nothing is known to be wrong with the object."""
        for work in works:
            try:
                assembling.begin(work.target)
            except OSError as unfit:
                self._fail(work, "ClientError", f"its output cannot be written: {unfit.strerror}")
                continue
            try:
                with self._open(work.source) as stream:
                    for payload in self._payloads_of(stream):
                        if work.fault is not None:
                            break
                        yield work, payload
            except (SplitError, OversizeError, AssociationError) as trouble:
                self._fail(work, "ClientError", str(trouble))
            except (gzip.BadGzipFile, EOFError, zlib.error) as broken:
                self._fail(work, "ClientError", f"it cannot be decompressed: {broken}")

    def _payloads_of(self, stream: BinaryIO) -> Iterator[Payload]:
        association = self._transform.association
        return batches(
            split(stream, self._transform.split_type),
            strategy=self._limits.strategy,
            limit=self._limits.payload_bytes,
            reduce=association.reduce if association else None,
        )

    def _open(self, path: Path) -> BinaryIO:
        if self._transform.compressed:
            return gzip.open(path)  # type: ignore[return-value]  # a file that is read, by another name
        return path.open("rb")

    def _ask(self, payload: Payload) -> Answer:
        chunked = self._limits.payload_bytes is None
        return self._row.invoke(payload.body, self._transform.asking, over=self._over, chunked=chunked)

    def _take(self, asked: _Asked) -> None:
        """Add an answer to its object's output, unless an earlier one was no answer."""
        answer, work = asked.answer.result(), asked.work
        if work.fault is not None:
            return
        if answer.status is None and self._over():
            self._cut = True
            return
        by = f" ({answer.by})" if answer.by else ""
        if answer.status is None:
            self._fail(work, "AlgorithmError", f"Unable to get response from algorithm{by}", answer.body)
        elif answer.clients_fault:
            self._fail(work, "ClientError", f"ClientError: {answer.status}{by}", answer.body)
        elif not answer.ok:
            what = f"Bad HTTP status received from algorithm: {answer.status}{by}"
            self._fail(work, "AlgorithmError", what, answer.body)
        else:
            self._add(work, asked.payload, answer)

    def _add(self, work: Work, payload: Payload, answer: Answer) -> None:
        association, text = self._transform.association, answer.body
        try:
            if association:
                text = association.finish(payload.source, text, answer.content_type)
        except AssociationError as trouble:
            self._fail(work, "ClientError", str(trouble))
            return
        assembling.append(work.target, text, self._transform.assemble_with)

    def _fail(self, work: Work, fault: Fault, why: str, message: bytes = b"") -> None:
        """An object with one bad record has no output at all; the others go on."""
        work.fault, work.why = fault, why
        with suppress(OSError):  # it was never there, or something else has its name
            work.target.unlink()
        self._log.trouble(work.place, why, message)
