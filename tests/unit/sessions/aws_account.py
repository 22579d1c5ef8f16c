"""An AWS account that answers what a test says, checked against AWS's own model of each answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

import boto3
from botocore.stub import Stubber

ARN = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/cancer/execution/abc123def456"
JOBS = "arn:aws:sagemaker:us-east-1:123456789012"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
ETAG = "0" * 32


@cache  # a client of SageMaker takes half a second to make
def _client(name: str) -> Any:
    return boto3.Session("key", "secret", region_name="us-east-1").client(name)


class Account:
    """Stands for a boto3 session; its two clients answer in the order in which answers were added."""

    def __init__(self) -> None:
        self.clients = {name: _client(name) for name in ("sagemaker", "s3")}
        self.stubs = {name: Stubber(client) for name, client in self.clients.items()}

    def client(self, name: str) -> Any:
        return self.clients[name]

    def answers(self, call: str, answer: dict[str, Any], **asked: Any) -> None:
        self._stub(call).add_response(call, answer, asked)

    def refuses(self, call: str, code: str, status: int = 400) -> None:
        self._stub(call).add_client_error(call, code, "because", status)

    def holds(self, prefix: str, *objects: tuple[str, datetime], more: str | None = None) -> None:
        """What a listing of the bucket `data` gives: keys, each with its time; all are four bytes."""
        contents = [
            {"Key": key, "Size": 0 if key.endswith("/") else 4, "ETag": f'"{ETAG}"', "LastModified": time}
            for key, time in objects
        ]
        paging: dict[str, Any] = {"IsTruncated": more is not None}
        if more:
            paging["NextContinuationToken"] = more
        self.answers("list_objects_v2", {"Contents": contents, **paging}, Bucket="data", Prefix=prefix)

    def _stub(self, call: str) -> Stubber:
        return self.stubs["s3" if "object" in call else "sagemaker"]


@contextmanager
def an_account() -> Iterator[Account]:
    """Every answer that was added must have been asked for by the end."""
    account = Account()
    for stub in account.stubs.values():
        stub.activate()
    try:
        yield account
        for stub in account.stubs.values():
            stub.assert_no_pending_responses()
    finally:
        for stub in account.stubs.values():
            stub.deactivate()


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)
