"""An AWS account to ask the questions of a trial of: its executions, and what they left in S3.

Nothing is written, started or stopped there.
"""

from __future__ import annotations

from typing import Any

from seatrial.errors import EnvironmentUnfitError
from seatrial.outputs import S3OutputPathRegistry
from seatrial.sessions.account_execution import AwsExecution, AwsExecutionStrategy
from seatrial.sessions.account_registry import registry_of_aws
from seatrial.sessions.account_store import AccountStore


class AwsAccount:
    """The account of a boto3 session; without one, that of the environment's profile or keys."""

    def __init__(self, boto_session: Any = None) -> None:
        session = boto_session if boto_session is not None else _session()
        self._sagemaker = session.client("sagemaker")
        self.store = AccountStore(session.client("s3"))

    def execution(self, execution_arn: str) -> AwsExecution:
        """The execution of that ARN; asked for when something of it is looked at."""
        return AwsExecution(self._sagemaker, execution_arn)

    def registry(self, execution_arn: str) -> S3OutputPathRegistry:
        """What the execution's jobs left in S3, as a registry like any other."""
        return registry_of_aws(self.execution(execution_arn), self.store)

    def strategy(self, execution_arn: str) -> AwsExecutionStrategy:
        """Answers what properties of the execution's steps stand for."""
        return AwsExecutionStrategy(self.execution(execution_arn))


def _session() -> Any:
    try:
        import boto3  # an optional dependency: nothing else of seatrial asks an account
    except ModuleNotFoundError as missing:
        raise EnvironmentUnfitError(
            "asking an AWS account needs boto3, which is not installed",
            slug="sdk-missing",
            hint="pip install boto3",
        ) from missing
    return boto3.Session()
