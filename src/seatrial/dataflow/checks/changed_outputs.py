"""Objects that are no longer what the step that wrote them left there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.flow import Flow
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.jobs import OutputReceipt
from seatrial.ports.storage import S3Uri, StoredObject

Key = tuple[str, str]

_SHOWN = 3
_WRITING = ("PutObject", "CompleteMultipartUpload", "CopyObject", "DeleteObject", "DeleteMultipleObjects")


@dataclass(frozen=True)
class _Reading:
    """That a step found an object as another version than the one that was left there."""

    step: str
    stored: StoredObject


def changed_outputs(flow: Flow) -> Iterator[Finding]:
    """One finding for each output with such objects; one for all where nothing of the execution is left.

    What several outputs hold together is a collision, and the last to write it counts. Of a step that was
    taken from an earlier execution, only what somebody read here matters.
    """
    written = dict(_last_written(flow))
    own = {step.name for step in flow.ran()}
    if flow.list_objects is None:
        return
    changed = {
        (step.name, receipt.name): _changed(flow, step.name, receipt, written) if step.name in own else {}
        for step, receipt in _receipts(flow)
    }
    count = sum(writer in own for writer, _ in written.values())
    if count > 1 and sum(now is None for each in changed.values() for now in each.values()) == count:
        yield _all_gone(flow, count)
        return
    misread = _misread(flow, written)
    for step, receipt in _receipts(flow):
        mine = [o for o in receipt.objects if written.get((o.bucket, o.key)) == (step.name, o)]
        read = {(o.bucket, o.key): misread[o.bucket, o.key] for o in mine if (o.bucket, o.key) in misread}
        now = changed[step.name, receipt.name]
        if now or read:
            yield _finding(flow, step, receipt, now, read)


def _receipts(flow: Flow) -> Iterator[tuple[StepRecord, OutputReceipt]]:
    """Those of all steps, the last to end at the end; checkpoints go on and on."""
    ended = sorted(flow.record.steps, key=lambda step: (step.ended_at is None, step.ended_at or datetime.min))
    for step in ended:
        for receipt in step.result.outputs if step.result else ():
            output = flow.plan.output(step.name, receipt.property_path)
            if output is None or not output.lasting:
                yield step, receipt


def _last_written(flow: Flow) -> Iterator[tuple[Key, tuple[str, StoredObject]]]:
    for step, receipt in _receipts(flow):
        for stored in receipt.objects:
            yield (stored.bucket, stored.key), (step.name, stored)


def _changed(
    flow: Flow, step: str, receipt: OutputReceipt, written: Mapping[Key, tuple[str, StoredObject]]
) -> dict[Key, StoredObject | None]:
    """What of the output is another object now, or none."""
    if not receipt.objects:
        return {}
    now = {(stored.bucket, stored.key): stored for stored in flow.listed(S3Uri.parse(receipt.s3_uri))}
    keys = ((stored, (stored.bucket, stored.key)) for stored in receipt.objects)
    return {
        key: now.get(key) for stored, key in keys if written[key] == (step, stored) and now.get(key) != stored
    }


def _misread(flow: Flow, written: Mapping[Key, tuple[str, StoredObject]]) -> dict[Key, _Reading]:
    """What a step found changed when it read it: no writer of the execution left it so.

    A step that started before the writer had ended raced with it, which is said as such.
    """
    versions = {(o.bucket, o.key, o.etag) for _, receipt in _receipts(flow) for o in receipt.objects}
    ends = {step.name: step.ended_at for step in flow.record.steps}
    found: dict[Key, _Reading] = {}
    for step in flow.ran():
        for receipt in step.result.inputs if step.result else ():
            for o in receipt.objects:
                writer = written.get((o.bucket, o.key), ("", o))[0]
                end = ends.get(writer)
                after = bool(end and step.started_at and step.started_at >= end)
                if after and writer != step.name and (o.bucket, o.key, o.etag) not in versions:
                    found.setdefault((o.bucket, o.key), _Reading(step.name, o))
    return found


def _finding(
    flow: Flow,
    step: StepRecord,
    receipt: OutputReceipt,
    now: Mapping[Key, StoredObject | None],
    read: Mapping[Key, _Reading],
) -> Finding:
    keys = sorted({*now, *read})
    readers = sorted({reading.step for reading in read.values()})
    output = flow.plan.output(step.name, receipt.property_path)
    others = _who(flow, frozenset(keys), step.name)
    return finding(
        "ST116",
        f"{counted(len(keys), 'object')} of {step.name}.{receipt.name} {_what(keys, now)} {step.name} wrote "
        f"{'it' if len(keys) == 1 else 'them'}"
        + (f"; {', '.join(others)} did it by its own code" if others else "")
        + (f", and {', '.join(readers)} read what it became" if readers else ""),
        where=output.pointer if output else receipt.s3_uri,
        also=readers[0] if readers else None,
        step=step.name,
        severity=Severity.ERROR if readers else None,
        expected=f"under {receipt.s3_uri} what the step wrote",
        observed=_shown(keys, now, read),
    )


def _what(keys: list[Key], now: Mapping[Key, StoredObject | None]) -> str:
    if any(now.get(key, key) is not None for key in keys):
        return "changed after"
    return "is gone since" if len(keys) == 1 else "are gone since"


def _shown(keys: list[Key], now: Mapping[Key, StoredObject | None], read: Mapping[Key, _Reading]) -> str:
    def told(key: Key) -> str:
        stored = now[key] if key in now else read[key].stored
        return f"s3://{'/'.join(key)} " + ("is gone" if stored is None else f"has {stored.size} bytes")

    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return ", ".join(told(key) for key in keys[:_SHOWN]) + more


def _who(flow: Flow, keys: frozenset[Key], writer: str) -> list[str]:
    """The steps whose own code was seen to write or remove one of the objects."""
    found = []
    for step in flow.ran():
        calls = step.result.observation.calls if step.result and step.result.observation else None
        own = (call for call in calls or () if call.status < 300 and call.operation in _WRITING)
        if step.name != writer and any((call.bucket, call.key) in keys for call in own):
            found.append(step.name)
    return found


def _all_gone(flow: Flow, count: int) -> Finding:
    return finding(
        "ST116",
        f"nothing that execution {flow.record.execution_id} wrote is in the store any more",
        where=flow.record.prefix or flow.record.arn,
        expected=counted(count, "object"),
        observed="none",
        hint="Nothing to do if the data was removed on purpose; else look at which store the settings name.",
    )
