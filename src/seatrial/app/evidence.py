"""Gathers what a report shows besides the records: ends of logs, heads of small objects.

A store that is away or does not answer costs the report its previews, never the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path, PurePath

from seatrial.app.contents import contents_of
from seatrial.app.logs import logs_of
from seatrial.app.parts import Parts
from seatrial.errors import SeatrialError
from seatrial.ports.executions import ExecutionRecord
from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject
from seatrial.reports.html import Evidence, LogText, Preview, log_text, preview_of

MOST_LOG = 64_000
"""Bytes of one log; less where there are so many logs that they would go beyond `ALL_LOGS`."""

ALL_LOGS = 6_000_000
LEAST_LOG = 4_000
SMALL_OBJECT = 100_000
"""Bytes up to which an object is read for its preview."""

PREVIEWS_OF_AN_OUTPUT = 4
ALL_PREVIEWS = 60
_AT_ONCE = 8
_NO_TEXT = frozenset(
    {".avro", ".bin", ".bz2", ".gif", ".gz", ".h5", ".jpeg", ".jpg", ".joblib", ".model", ".npy", ".npz"}
    | {".onnx", ".orc", ".parquet", ".pdf", ".pickle", ".pkl", ".png", ".pt", ".pth", ".tar", ".tgz"}
    | {".ubj", ".xz", ".zip", ".zst"}
)


def evidence_of(parts: Parts, record: ExecutionRecord) -> Evidence:
    """Logs, previews and profiles of one execution."""
    known = Evidence(dict(_logs(parts, record)), contents=contents_of(parts, record))
    try:
        store = parts.running_store
        if store is None:
            return replace(known, note="No previews: the object store is not running.")
        return replace(known, previews=dict(_previews(store, record)))
    except SeatrialError as trouble:
        return replace(known, note=f"No previews: {trouble.message}")


def _logs(parts: Parts, record: ExecutionRecord) -> Iterator[tuple[str, LogText]]:
    files = logs_of(parts, record)
    limit = max(LEAST_LOG, min(MOST_LOG, ALL_LOGS // max(len(files), 1)))
    for step, file in files.items():
        tail, size = _tail(file, limit)
        yield step, log_text(tail, size, str(file))


def _tail(file: Path, limit: int) -> tuple[bytes, int]:
    with file.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(size - limit, 0))
        return stream.read(limit), size


def _previews(store: ObjectStore, record: ExecutionRecord) -> Iterator[tuple[str, Preview]]:
    wanted = [
        stored
        for step in record.steps
        for receipt in (step.result.outputs if step.result else ())
        for stored in islice(filter(_may_be_read, receipt.objects), PREVIEWS_OF_AN_OUTPUT)
    ]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        heads = threads.map(partial(_preview, store), wanted[:ALL_PREVIEWS])
        yield from ((stored.uri, head) for stored, head in zip(wanted, heads, strict=False))


def _may_be_read(stored: StoredObject) -> bool:
    return stored.size <= SMALL_OBJECT and PurePath(stored.key).suffix.lower() not in _NO_TEXT


def _preview(store: ObjectStore, stored: StoredObject) -> Preview:
    """The head of what the step wrote; what has replaced it since is not shown in its place."""
    uri = S3Uri(stored.bucket, stored.key)
    now = store.stat(uri)
    if now is None:
        return Preview(note="no longer in the store")
    if now.etag != stored.etag:
        return Preview(note="overwritten since")
    return preview_of(stored.key, store.read(uri))
