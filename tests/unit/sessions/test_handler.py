"""The calls that compiling makes, through boto3's own clients."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from seatrial.sessions import bound_boto_session
from seatrial.settings import Settings


@pytest.fixture
def session(nowhere: Any) -> Any:
    """A session of the default account and region."""
    return bound_boto_session(nowhere, Settings())


def test_the_caller_is_an_assumed_role_that_iam_knows(session: Any) -> None:
    arn = session.client("sts").get_caller_identity()["Arn"]
    assert arn == "arn:aws:sts::123456789012:assumed-role/seatrial/seatrial"
    role = session.client("iam").get_role(RoleName="seatrial")["Role"]
    assert role["Arn"] == "arn:aws:iam::123456789012:role/seatrial"


def test_any_role_exists(session: Any) -> None:
    role = session.client("iam").get_role(RoleName="TeamRole")["Role"]
    assert role["Arn"] == "arn:aws:iam::123456789012:role/TeamRole"


def test_any_role_can_be_assumed(session: Any) -> None:
    answer = session.client("sts").assume_role(
        RoleArn="arn:aws:iam::999999999999:role/Deploy", RoleSessionName="me"
    )
    assert answer["AssumedRoleUser"]["Arn"].endswith(":assumed-role/Deploy/me")
    assert answer["Credentials"]["Expiration"].year == 2099


def test_every_action_asked_about_is_allowed(session: Any) -> None:
    answer = session.client("iam").simulate_principal_policy(
        PolicySourceArn="arn:aws:iam::123456789012:role/seatrial",
        ActionNames=["s3:GetObject", "sagemaker:CreateTrainingJob"],
    )
    assert {each["EvalActionName"]: each["EvalDecision"] for each in answer["EvaluationResults"]} == {
        "s3:GetObject": "allowed",
        "sagemaker:CreateTrainingJob": "allowed",
    }
    assert answer["IsTruncated"] is False


def test_creating_a_pipeline_changes_nothing_and_gives_its_arn(session: Any) -> None:
    answer = session.client("sagemaker").create_pipeline(
        PipelineName="Churn", ClientRequestToken="t" * 32, RoleArn="arn:aws:iam::123456789012:role/seatrial"
    )
    assert answer["PipelineArn"] == "arn:aws:sagemaker:us-east-1:123456789012:pipeline/churn"


def test_starting_one_is_refused_with_the_command_that_does(session: Any) -> None:
    with pytest.raises(ClientError, match="`seatrial run` starts it"):
        session.client("sagemaker").start_pipeline_execution(
            PipelineName="Churn", ClientRequestToken="t" * 32
        )


def test_text_is_escaped_in_xml(session: Any) -> None:
    answer = session.client("sts").assume_role(
        RoleArn="arn:aws:iam::123456789012:role/a<b>&c", RoleSessionName="me"
    )
    assert ":assumed-role/a<b>&c/me" in answer["AssumedRoleUser"]["Arn"]
