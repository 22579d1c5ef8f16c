"""Inputs that hold what they cannot be meant to hold: files of another type, or another input's very data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import PurePosixPath

from seatrial.dataflow.checks.implausible_producers import implausible_producers
from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.flow import Flow
from seatrial.dataflow.roles_of_data import role_of
from seatrial.definition import Json
from seatrial.outputs import text_of
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import InputReceipt
from seatrial.ports.storage import StoredObject

# Endings that leave no doubt, by what they are; a file of any other ending may be anything.
_ENDINGS = {
    "csv": "CSV",
    "tsv": "CSV",
    "parquet": "Parquet",
    "pq": "Parquet",
    "json": "JSON",
    "jsonl": "JSON",
    "jsonlines": "JSON",
    "ndjson": "JSON",
    "rec": "RecordIO",
    "recordio": "RecordIO",
    "pbr": "RecordIO",
    "libsvm": "LIBSVM",
    "svm": "LIBSVM",
    "jpg": "an image",
    "jpeg": "an image",
    "png": "an image",
}
_DECLARED = {
    "text/csv": "CSV",
    "csv": "CSV",
    "application/x-parquet": "Parquet",
    "parquet": "Parquet",
    "application/json": "JSON",
    "application/jsonlines": "JSON",
    "application/x-recordio-protobuf": "RecordIO",
    "application/x-recordio": "RecordIO",
    "text/libsvm": "LIBSVM",
    "text/x-libsvm": "LIBSVM",
    "libsvm": "LIBSVM",
    "image/jpeg": "an image",
    "image/png": "an image",
}
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".snappy", ".out")


def implausible_content(flow: Flow) -> Iterator[Finding]:
    """One finding for each input of another type than it says, and for each pair that holds the same."""
    wired = {found.where for found in implausible_producers(flow.plan)}
    for step in flow.ran():
        receipts = step.result.inputs if step.result else ()
        types = _content_types(flow, step.name)
        for receipt in receipts:
            declared = _DECLARED.get(types.get(receipt.name, ""))
            really = _type_of(receipt.objects)
            if declared and really and declared != really:
                yield _another_type(flow, step, receipt, types[receipt.name], really)
        for one, other in combinations(receipts, 2):
            places = {_place(flow, step, one), _place(flow, step, other)}
            if _is_same(one, other) and not places & wired:
                yield _same_data(flow, step, one, other)


def _content_types(flow: Flow, name: str) -> dict[str, str]:
    """The type that each input of the step says it has, by the input's name."""
    step = flow.definition.step(name)
    arguments = step.arguments if step else {}
    channels = arguments.get("InputDataConfig")
    entries = {
        str(entry.get("ChannelName")): entry.get("ContentType", "")
        for entry in (channels if isinstance(channels, list) else [])
        if isinstance(entry, Mapping)
    }
    transform = arguments.get("TransformInput")
    if isinstance(transform, Mapping):
        entries["transform"] = transform.get("ContentType", "")
    return {key: _plain(text_of(value, flow.plan.known).text) for key, value in entries.items()}


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _type_of(objects: tuple[StoredObject, ...]) -> str | None:
    """What all files with something in them are by their endings; None if any is in doubt."""
    kinds = {_ENDINGS.get(_ending(stored.key)) for stored in objects if stored.size}
    return kinds.pop() if len(kinds) == 1 else None


def _ending(key: str) -> str:
    path = PurePosixPath(key.lower())
    while path.suffix in _PACKED:
        path = path.with_suffix("")
    return path.suffix.lstrip(".")


def _is_same(one: InputReceipt, other: InputReceipt) -> bool:
    roles = {role_of(one.name), role_of(other.name)}
    apart = len(roles) == 2 and roles <= {"train", "validation", "test"}
    return apart and any(o.size for o in one.objects) and _content(one) == _content(other)


def _content(receipt: InputReceipt) -> Counter[tuple[str, int]]:
    return Counter((stored.etag, stored.size) for stored in receipt.objects)


def _place(flow: Flow, step: StepRecord, receipt: InputReceipt) -> str:
    read = flow.plan.read(step.name, receipt.name)
    return read.pointer if read else receipt.s3_uri


def _another_type(flow: Flow, step: StepRecord, receipt: InputReceipt, said: Json, really: str) -> Finding:
    writers = (flow.writers.get((stored.bucket, stored.key)) for stored in receipt.objects)
    writer = next((".".join(found) for found in writers if found), None)
    return finding(
        "ST127",
        f"input {receipt.name!r} of {step.name} says {said}, and what it holds is {really} by its name",
        where=_place(flow, step, receipt),
        also=writer,
        step=step.name,
        expected=str(said),
        observed=", ".join(stored.uri for stored in receipt.objects[:3]),
        hint="Correct the channel's ContentType, or wire the input to the output that is meant.",
    )


def _same_data(flow: Flow, step: StepRecord, one: InputReceipt, other: InputReceipt) -> Finding:
    return finding(
        "ST127",
        f"inputs {one.name!r} and {other.name!r} of {step.name} hold the very same data",
        where=_place(flow, step, other),
        also=_place(flow, step, one),
        step=step.name,
        expected="data of their own",
        observed=f"{counted(len(one.objects), 'object')} at {one.s3_uri}, the same at {other.s3_uri}",
        hint="Let the upstream step split the data, and wire each input to its own part.",
    )
