"""Whoever makes the session, its clients stay on this machine."""

from __future__ import annotations

import boto3
import botocore.session
import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError

from seatrial.ports.storage import StoreAddress
from seatrial.sessions import bound_boto_session
from seatrial.sessions.binding import Binding, bound
from seatrial.settings import Settings


def identity(client: BaseClient) -> str:
    return str(client.get_caller_identity()["Account"])


def test_the_given_session_answers_for_the_account_and_region_of_the_settings(nowhere: StoreAddress) -> None:
    session = bound_boto_session(nowhere, Settings(account_id="210987654321", region="eu-west-3"))
    assert identity(session.client("sts")) == "210987654321"
    assert session.region_name == "eu-west-3"


def test_an_explicit_endpoint_of_aws_does_not_lead_out(nowhere: StoreAddress) -> None:
    session = bound_boto_session(nowhere, Settings())
    client = session.client(
        "sts", region_name="eu-west-1", endpoint_url="https://sts.eu-west-1.amazonaws.com"
    )
    assert identity(client) == "123456789012"


def test_every_way_to_a_session_is_bound_inside(binding: Binding) -> None:
    with bound(binding) as session:
        made = [
            session,
            boto3.Session(),
            boto3.session.Session(region_name="ap-south-1"),
            boto3.Session(profile_name="production"),
            boto3.Session(aws_access_key_id="AKIA", aws_secret_access_key="x", aws_session_token="y"),
        ]
        clients = [each.client("sts") for each in made]
        clients += [boto3.client("sts"), botocore.session.get_session().create_client("sts")]
        clients += [boto3.client("sts", aws_access_key_id="AKIA", aws_secret_access_key="x")]
        assert [identity(client) for client in clients] == ["123456789012"] * len(clients)
        assert made[2].region_name == "ap-south-1"
        assert made[1].region_name == "eu-central-1"


def test_keys_and_endpoint_of_an_s3_client_are_the_stores_whatever_is_given(binding: Binding) -> None:
    with bound(binding):
        client = boto3.client(
            "s3",
            endpoint_url="https://s3.eu-west-1.amazonaws.com",
            aws_access_key_id="AKIA",
            aws_secret_access_key="x",
            config=Config(s3={"addressing_style": "virtual"}, proxies={"http": "http://proxy:3128"}),
        )
        url = client.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "key"})
    assert url.startswith("http://127.0.0.1:9/bucket/key?")
    assert "store-key" in url
    assert client.meta.config.proxies == {}


def test_boto3_is_as_it_was_afterwards_even_after_a_fault(binding: Binding) -> None:
    before = (botocore.session.Session, boto3.DEFAULT_SESSION)
    with pytest.raises(ZeroDivisionError), bound(binding):
        _ = 1 / 0
    assert (botocore.session.Session, boto3.DEFAULT_SESSION) == before


def test_nothing_of_the_environment_is_read_or_changed(
    binding: Binding, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "absent")
    monkeypatch.setenv("AWS_CONFIG_FILE", f"{tmp_path}/config")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    with bound(binding) as session:
        assert identity(boto3.client("sts")) == "123456789012"
        assert session.region_name == "eu-central-1"


@pytest.mark.parametrize(
    ("service", "method", "operation", "parameters"),
    [
        pytest.param("sagemaker", "list_models", "sagemaker:ListModels", {}, id="json"),
        pytest.param("lambda", "list_functions", "lambda:ListFunctions", {}, id="rest-json"),
        pytest.param("sqs", "list_queues", "sqs:ListQueues", {}, id="json 1.0"),
        pytest.param("iam", "list_users", "iam:ListUsers", {}, id="query"),
        pytest.param("route53", "list_hosted_zones", "route53:ListHostedZones", {}, id="rest-xml"),
        pytest.param("ec2", "describe_vpcs", "ec2:DescribeVpcs", {}, id="ec2"),
        pytest.param("cloudwatch", "list_metrics", "cloudwatch:ListMetrics", {}, id="cbor"),
    ],
)
def test_an_operation_without_answer_is_an_error_that_names_it(
    binding: Binding, service: str, method: str, operation: str, parameters: dict[str, str]
) -> None:
    with bound(binding) as session, pytest.raises(ClientError) as refused:
        getattr(session.client(service), method)(**parameters)
    error = refused.value.response
    assert error["Error"]["Code"] == "NotImplemented"
    assert f"does not answer {operation}" in error["Error"]["Message"]
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert error["ResponseMetadata"]["RetryAttempts"] == 0


def test_an_s3_request_to_elsewhere_is_refused(binding: Binding) -> None:
    arn = "arn:aws:s3:eu-central-1:123456789012:accesspoint/prod"
    with (
        bound(binding) as session,
        pytest.raises(Exception, match=r"no HeadObject of this form|access.?point"),
    ):
        session.client("s3").head_object(Bucket=arn, Key="k")
