"""What a case's job led to, in the words of `expected.json`."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from typing import Any

from seatrial.ports.jobs import JobProgress, JobRequest, JobResult
from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject


def observe(
    request: JobRequest,
    result: JobResult,
    progress: Iterable[JobProgress],
    store: ObjectStore,
    bucket: str,
    before: Mapping[str, str],
) -> dict[str, Any]:
    """Every member that an `expected.json` may have."""
    describe, kind = result.describe, request.kind
    return {
        "status": describe[f"{kind}JobStatus"],
        "secondary_status": describe.get("SecondaryStatus"),
        "transitions": [item["Status"] for item in describe.get("SecondaryStatusTransitions", [])],
        "failure_reason": describe.get("FailureReason"),
        "exit_message": describe.get("ExitMessage"),
        "refusal": result.refusal,
        "progress": _distinct(item.status for item in progress),
        "metrics": {item["MetricName"]: item["Value"] for item in describe.get("FinalMetricDataList", [])},
        "objects": _written(store, bucket, before),
        "archives": _archives(store, result),
        "unchanged": sorted(_unchanged(store, bucket, before)),
        "inputs": {receipt.name: _keys(receipt.objects) for receipt in result.inputs},
        "outputs": {receipt.name: _keys(receipt.objects) for receipt in result.outputs},
        "property_paths": {receipt.name: receipt.property_path for receipt in result.outputs},
        "existing": {receipt.name: _keys(receipt.existing) for receipt in result.outputs},
        "members": {receipt.name: [m.name for m in receipt.members] for receipt in result.outputs},
        "lost": {item.container_path: item.size for item in result.lost_files},
        "log": "\n".join(result.log_tail),
        "left_in_folder": sorted(path.name for path in request.folder.iterdir()),
    }


def _distinct(statuses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(statuses))


def _keys(objects: Iterable[StoredObject]) -> list[str]:
    return [item.key for item in objects]


def _written(store: ObjectStore, bucket: str, before: Mapping[str, str]) -> dict[str, Any]:
    return {
        item.key: _content(store.read(S3Uri(bucket, item.key)))
        for item in store.list_objects(S3Uri(bucket))
        if before.get(item.key) != item.etag
    }


def _unchanged(store: ObjectStore, bucket: str, before: Mapping[str, str]) -> list[str]:
    return [item.key for item in store.list_objects(S3Uri(bucket)) if before.get(item.key) == item.etag]


def _archives(store: ObjectStore, result: JobResult) -> dict[str, dict[str, Any]]:
    """Every archive that was written, name to content; folders end in a slash."""
    keys = [item for receipt in result.outputs for item in receipt.objects if item.key.endswith(".tar.gz")]
    return {item.key: _unpacked(store.read(S3Uri(item.bucket, item.key))) for item in keys}


def _unpacked(data: bytes) -> dict[str, Any]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {
            member.name + ("/" if member.isdir() else ""): _content(file.read())
            if (file := archive.extractfile(member))
            else None
            for member in archive.getmembers()
        }


def _content(data: bytes) -> Any:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return json.loads(text) if text.startswith(("{", "[")) else text
