"""The AWS API on this machine, as far as compiling a pipeline asks for it.

One function over a table of operations. It knows no transport: the same call may come from a boto3
client in this process or from anywhere else. S3 is not answered here, the object store does that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.awsrequest import AWSResponse

from seatrial.sessions import wire
from seatrial.sessions.calls import Call

ROLE_NAME = "seatrial"

Answer = Callable[[Call], Mapping[str, Any]]


def handle(call: Call) -> AWSResponse:
    """Answer the call; an operation that is not in the table gets an error that names it, never silence."""
    answer = OPERATIONS.get((call.service, call.operation))
    if answer is None:
        return wire.failure(call, 501, "NotImplemented", unanswered(call))
    return wire.success(call, answer(call))


def unanswered(call: Call) -> str:
    """Why there is no answer, in words that a user can act on."""
    name = f"{call.service}:{call.operation}"
    if call.operation in ("StartPipelineExecution", "RetryPipelineExecution"):
        return f"seatrial does not answer {name} while a pipeline is compiled; `seatrial run` starts it"
    return f"seatrial does not answer {name} while a pipeline is compiled, and nothing was sent to AWS"


def role_arn(account_id: str, role_name: str = ROLE_NAME) -> str:
    """The ARN of a role in the account that seatrial stands for."""
    return f"arn:aws:iam::{account_id}:role/{role_name}"


def _get_caller_identity(call: Call) -> Mapping[str, Any]:
    # An assumed role, because the SDK's get_execution_role() turns it into a role ARN and refuses a user's.
    return {
        "Arn": f"arn:aws:sts::{call.account_id}:assumed-role/{ROLE_NAME}/{ROLE_NAME}",
        "UserId": f"AROASEATRIAL:{ROLE_NAME}",
        "Account": call.account_id,
    }


def _assume_role(call: Call) -> Mapping[str, Any]:
    session = call.parameters.get("RoleSessionName", ROLE_NAME)
    role = call.parameters.get("RoleArn", role_arn(call.account_id)).rsplit("/", 1)[-1]
    return {
        "AssumedRoleUser": {
            "AssumedRoleId": f"AROASEATRIAL:{session}",
            "Arn": f"arn:aws:sts::{call.account_id}:assumed-role/{role}/{session}",
        },
        # Any will do: a bound session signs with the store's own, whatever it is given.
        "Credentials": {
            "AccessKeyId": "ASIASEATRIAL",
            "SecretAccessKey": "seatrial",
            "SessionToken": "seatrial",
            "Expiration": "2099-12-31T00:00:00Z",
        },
    }


def _get_role(call: Call) -> Mapping[str, Any]:
    name = call.parameters.get("RoleName", ROLE_NAME)
    return {
        "Role": {
            "Path": "/",
            "RoleName": name,
            "RoleId": "AROASEATRIAL",
            "Arn": role_arn(call.account_id, name),
            "CreateDate": "2020-12-01T00:00:00Z",
        }
    }


def _simulate_principal_policy(call: Call) -> Mapping[str, Any]:
    # SDK v3 asks whether the role may do what a training job needs.
    return {
        "EvaluationResults": [
            {"EvalActionName": action, "EvalResourceName": "*", "EvalDecision": "allowed"}
            for action in call.members("ActionNames")
        ],
        "IsTruncated": "false",
    }


def _pipeline_arn(call: Call) -> Mapping[str, Any]:
    # `pipeline.upsert()` stands at module level in many files; it changes nothing here.
    name = str(call.parameters.get("PipelineName", "")).lower()
    return {"PipelineArn": f"arn:aws:sagemaker:{call.region}:{call.account_id}:pipeline/{name}"}


def _nothing(call: Call) -> Mapping[str, Any]:
    return {}


OPERATIONS: Mapping[tuple[str, str], Answer] = {
    ("iam", "GetRole"): _get_role,
    ("iam", "SimulatePrincipalPolicy"): _simulate_principal_policy,
    ("sagemaker", "AddTags"): _nothing,
    ("sagemaker", "CreatePipeline"): _pipeline_arn,
    ("sagemaker", "UpdatePipeline"): _pipeline_arn,
    ("sts", "AssumeRole"): _assume_role,
    ("sts", "GetCallerIdentity"): _get_caller_identity,
}
