"""Steps that were taken from the cache although the data that they read has changed since.

The service compares where a step reads, not what lies there, and so does the cache here; a changed
input that nobody notices is then worth a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow
from seatrial.dataflow.places import within
from seatrial.ports.executions import ReuseKind, StepRecord
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import InputReceipt
from seatrial.ports.storage import S3Uri

_SHOWN = 3


def stale_cache(flow: Flow) -> Iterator[Finding]:
    """One finding for each input of a cached step that no longer holds what the job read."""
    if flow.list_objects is None:
        return
    for step in flow.record.steps:
        if step.reuse is not None and step.reuse.kind is ReuseKind.CACHE:
            for receipt in step.result.inputs if step.result else ():
                # A checkpoint location changes with every job that goes on from it.
                changed = sorted(_changed(receipt, flow)) if receipt.required else []
                if changed:
                    yield _finding(flow, step, receipt, changed)


def _changed(receipt: InputReceipt, flow: Flow) -> Iterable[str]:
    """URIs of what has come, gone or changed under the input's location."""
    now = {stored.uri: stored.etag for stored in flow.listed(S3Uri.parse(receipt.s3_uri))}
    then = {stored.uri: stored.etag for stored in receipt.objects}
    for uri in {*now, *then}:
        # The job's input held no folder markers, and what lies beside its location is not its own.
        counts = uri in then or (within(uri, receipt.s3_uri) and not uri.endswith("/"))
        if counts and now.get(uri) != then.get(uri):
            yield uri


def _finding(flow: Flow, step: StepRecord, receipt: InputReceipt, changed: list[str]) -> Finding:
    read = next((r for r in flow.plan.reads if (r.step, r.name) == (step.name, receipt.name)), None)
    source = step.reuse.source_id if step.reuse else ""
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    return finding(
        "ST115",
        f"{step.name} was taken from the cache, and its input {receipt.name!r} has changed since "
        f"execution {source} read it",
        where=read.pointer if read else receipt.s3_uri,
        step=step.name,
        expected=f"under {receipt.s3_uri} what was there then",
        observed=", ".join(changed[:_SHOWN]) + more,
    )
