"""Notes what local mode puts into the store: listings cannot tell an object written again as it was."""

from __future__ import annotations

from typing import Any

from seatrial.ports.storage import S3Uri

_CALLS = ("PutObject", "CompleteMultipartUpload")
_KEY = "seatrial-upload"
_OK = 200


class Uploads:
    """Listens to a botocore session's events; knows nothing else of the SDK."""

    def __init__(self) -> None:
        self._done: set[S3Uri] = set()

    def watch(self, events: Any) -> None:
        """Hear of every upload through clients that are made from now on."""
        for call in _CALLS:
            events.register(f"before-parameter-build.s3.{call}", self._asked)
            events.register(f"after-call.s3.{call}", self._answered)

    def done(self) -> frozenset[S3Uri]:
        """Every object that the store has acknowledged."""
        return frozenset(self._done)

    def _asked(self, params: Any, context: Any, **_: object) -> None:
        context[_KEY] = S3Uri(params["Bucket"], params["Key"])

    def _answered(self, http_response: Any, context: Any, **_: object) -> None:
        if http_response.status_code == _OK and _KEY in context:
            self._done.add(context[_KEY])
