"""Lambda's API while a pipeline is compiled, asked by boto3."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from seatrial.sessions.binding import Binding, bound

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:notify"
ROLE = "arn:aws:iam::123456789012:role/lambda"


def zipped(name: str = "app.py", text: str = "code") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, text)
    return packed.getvalue()


@pytest.fixture
def client(binding: Binding) -> Iterator[Any]:
    with bound(binding):
        yield boto3.client("lambda")


def create(client: Any, **more: Any) -> Any:
    given = {"Runtime": "python3.11", "Handler": "app.main", "Role": ROLE, "Code": {"ZipFile": zipped()}}
    return client.create_function(FunctionName="notify", **{**given, **more})


def nothing_in_s3(bucket: str, key: str) -> bytes:
    raise AssertionError((bucket, key))


def test_a_function_is_kept_with_its_code_and_how_it_is_called(client: Any, binding: Binding) -> None:
    made = create(client, Timeout=30, MemorySize=256, Environment={"Variables": {"TABLE": "runs"}})
    assert (made["FunctionArn"], made["State"]) == (ARN, "Active")
    (kept,) = binding.functions.code(nothing_in_s3)
    assert (kept.name, kept.handler, kept.timeout_seconds, kept.memory_megabytes) == (
        "notify",
        "app.main",
        30,
        256,
    )
    assert (kept.archive, kept.environment, kept.runtime) == (zipped(), {"TABLE": "runs"}, "python3.11")


def test_making_it_twice_is_a_conflict_and_an_update_counts(client: Any, binding: Binding) -> None:
    create(client)
    with pytest.raises(ClientError) as conflict:
        create(client)
    assert conflict.value.response["Error"]["Code"] == "ResourceConflictException"
    client.update_function_code(FunctionName=ARN, ZipFile=zipped(text="new"))
    client.update_function_configuration(FunctionName="notify", Timeout=900)
    (kept,) = binding.functions.code(nothing_in_s3)
    assert (kept.archive, kept.handler) == (zipped(text="new"), "app.main")
    assert kept.timeout_seconds == 600


def test_the_waiters_of_boto3_are_content(client: Any) -> None:
    create(client)
    client.get_waiter("function_active_v2").wait(FunctionName="notify")
    client.get_waiter("function_updated_v2").wait(FunctionName="notify")
    assert client.get_function_configuration(FunctionName=ARN)["Handler"] == "app.main"


def test_code_that_lies_in_s3_is_fetched_when_all_is_compiled(client: Any, binding: Binding) -> None:
    create(client, Code={"S3Bucket": "bucket", "S3Key": "lambda/notify/code"})
    (kept,) = binding.functions.code(lambda bucket, key: f"{bucket}/{key}".encode())
    assert kept.archive == b"bucket/lambda/notify/code"


def test_a_function_that_only_its_code_was_given_for_has_no_handler(client: Any, binding: Binding) -> None:
    told = client.update_function_code(FunctionName=ARN, ZipFile=zipped())
    assert told["FunctionArn"] == ARN
    (kept,) = binding.functions.code(nothing_in_s3)
    assert (kept.name, kept.handler) == ("notify", None)


def test_what_is_not_there_and_what_is_no_code_is_refused_as_lambda_refuses_it(client: Any) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function(FunctionName="absent")
    with pytest.raises(client.exceptions.InvalidParameterValueException):
        create(client, Code={"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/f:1"})
    create(client)
    client.delete_function(FunctionName="notify")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.delete_function(FunctionName="notify")


@pytest.mark.parametrize("name", ["../escaped", "a b", "x" * 65, "é"])
def test_a_name_that_lambda_would_not_take_is_refused(client: Any, binding: Binding, name: str) -> None:
    with pytest.raises(ClientError, match="failed to satisfy constraint") as refused:
        client.create_function(
            FunctionName=name, Runtime="python3.11", Handler="a.b", Role=ROLE, Code={"ZipFile": zipped()}
        )
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert not binding.functions.created


def test_calling_one_while_compiling_is_said_to_be_impossible(client: Any) -> None:
    create(client)
    with pytest.raises(ClientError, match="does not answer lambda:Invoke while a pipeline is compiled"):
        client.invoke(FunctionName="notify", Payload=b"\xff no json")
