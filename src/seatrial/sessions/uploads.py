"""What a bound session's S3 clients write: buckets are made on demand, every object written is remembered."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from seatrial.ports.storage import S3Uri

_WRITES = ("PutObject", "CopyObject", "CompleteMultipartUpload")
_NEED_A_BUCKET = ("PutObject", "CopyObject", "CreateMultipartUpload")
_TARGET = "seatrial.target"
# The SDK encrypts some of its uploads with KMS, which the store has not.
_ENCRYPTION = ("ServerSideEncryption", "SSEKMSKeyId", "SSEKMSEncryptionContext", "BucketKeyEnabled")


class Uploads:
    """The objects that were written and not deleted again, in the order of their first writing."""

    def __init__(self) -> None:
        self._written: dict[S3Uri, None] = {}
        self._buckets: set[str] = set()
        self._lock = threading.Lock()  # the SDK uploads through a pool of threads

    def watch(self, client: Any) -> None:
        """See every call of this S3 client."""
        client.meta.events.register_first("before-parameter-build.s3", self._before_call)
        for operation in _NEED_A_BUCKET:
            client.meta.events.register(
                f"before-call.s3.{operation}",
                lambda context, **_: self._make_bucket(client, context[_TARGET].bucket),
            )
        client.meta.events.register("after-call.s3", self._take_note)

    def objects(self) -> tuple[S3Uri, ...]:
        """What is there now because of these sessions."""
        with self._lock:
            return tuple(self._written)

    def _before_call(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        for name in _ENCRYPTION:
            params.pop(name, None)
        if "Bucket" in params:
            context[_TARGET] = S3Uri(params["Bucket"], params.get("Key", ""))

    def _make_bucket(self, client: Any, bucket: str) -> None:
        if bucket in self._buckets:
            return
        with contextlib.suppress(
            client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists
        ):
            client.create_bucket(Bucket=bucket)
        self._buckets.add(bucket)

    def _take_note(self, http_response: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
        target = context.get(_TARGET)
        if target is None or http_response.status_code >= 300:
            return
        with self._lock:
            if model.name in _WRITES:
                self._written.setdefault(target)
            elif model.name == "DeleteObject":
                self._written.pop(target, None)
