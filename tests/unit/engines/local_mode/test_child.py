"""What the job's own process adds to the SDK: notes of uploads, one member, the way to the store."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from seatrial.engines.local_mode.child import redirect
from seatrial.engines.local_mode.completing import complete
from seatrial.engines.local_mode.uploads import Uploads
from seatrial.ports.storage import S3Uri


class Answering:
    """Answers every S3 call with a status, before it is sent."""

    def __init__(self, status: int) -> None:
        self.status = status

    def __call__(self, request: Any, **_: object) -> Any:
        from botocore.awsrequest import AWSResponse

        body = b"<Error><Code>AccessDenied</Code></Error>" if self.status >= 300 else b""
        raw = SimpleNamespace(stream=lambda: iter([body]), read=lambda *_: body)
        return AWSResponse(request.url, self.status, {}, raw)


def put(status: int) -> frozenset[S3Uri]:
    """What is noted of one PutObject that is answered so."""
    uploads = Uploads()
    session = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1")
    uploads.watch(session.events)
    session.events.register("before-send.s3", Answering(status))
    client = session.client("s3", endpoint_url="http://store:9000")
    try:
        client.put_object(Bucket="bucket", Key="a/b", Body=b"x")
    except client.exceptions.ClientError:
        assert status >= 300
    client.close()
    return uploads.done()


def test_an_acknowledged_upload_is_noted() -> None:
    assert put(200) == {S3Uri("bucket", "a/b")}


def test_a_refused_upload_is_not_noted() -> None:
    assert put(403) == frozenset()


def test_a_request_goes_where_we_reach_the_store_and_keeps_the_name_that_was_signed() -> None:
    request = SimpleNamespace(url="http://10.9.0.2:9000/bucket/key?x=1", headers={})
    redirect("http://10.9.0.2:9000", "http://127.0.0.1:32768")(request)
    assert request.url == "http://127.0.0.1:32768/bucket/key?x=1"
    assert request.headers == {"Host": "10.9.0.2:9000"}


def test_a_request_to_somewhere_else_is_left_alone() -> None:
    request = SimpleNamespace(url="http://elsewhere/bucket", headers={})
    redirect("http://10.9.0.2:9000", "http://127.0.0.1:32768")(request)
    assert (request.url, request.headers) == ("http://elsewhere/bucket", {})


@pytest.mark.parametrize(
    ("channel", "distribution"),
    [({}, "FullyReplicated"), ({"S3DistributionType": "ShardedByS3Key"}, "ShardedByS3Key")],
)
def test_each_channel_gets_the_member_that_is_missing(
    tmp_path: Path, channel: dict[str, str], distribution: str
) -> None:
    file = tmp_path / "inputdataconfig.json"
    file.write_text(json.dumps({"train": {"TrainingInputMode": "File", **channel}}))
    complete(file)
    assert json.loads(file.read_text()) == {
        "train": {"TrainingInputMode": "File", "S3DistributionType": distribution}
    }
