"""Names and ARNs as the service forms them; knows nothing of what bears them."""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from typing import Protocol

_LOWER = string.ascii_lowercase + string.digits
_ALPHANUMERIC = string.ascii_letters + string.digits
_EXECUTION_ID_LENGTH = 12
_SUFFIX_LENGTH = 10
_STEP_NAME_LENGTH = 20
_LONGEST_JOB_NAME = 63
_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9-]")


class Ids(Protocol):
    """Where new ids come from."""

    def execution_id(self) -> str:
        """12 lower-case letters and digits."""

    def suffix(self) -> str:
        """10 letters and digits that make a job's name unique."""


class RandomIds:
    """Ids that nobody has had before."""

    def execution_id(self) -> str:
        """12 random lower-case letters and digits."""
        return "".join(secrets.choice(_LOWER) for _ in range(_EXECUTION_ID_LENGTH))

    def suffix(self) -> str:
        """10 random letters and digits."""
        return "".join(secrets.choice(_ALPHANUMERIC) for _ in range(_SUFFIX_LENGTH))


def job_name(
    execution_id: str,
    step_name: str,
    suffix: str,
    prefix: str | None = None,
    *,
    longest: int | None = None,
) -> str:
    """The name of a step's job; `prefix` is the author's own, where the step's arguments carry one.

    Job names know no underscore; what the service makes of one is not known, here it becomes a hyphen.
    Where a name must be shorter than most, it has less of the step's.
    """
    longest = longest or _LONGEST_JOB_NAME
    if prefix is None and longest < _LONGEST_JOB_NAME:
        room = longest - len(execution_id) - len(suffix) - 2
        return f"{execution_id}-{_safe(step_name)[:room]}-{suffix}"
    if prefix is None:
        return f"pipelines-{execution_id}-{_safe(step_name)[:_STEP_NAME_LENGTH]}-{suffix}"
    room = longest - len(execution_id) - len(suffix) - 2
    return f"{_safe(prefix)[:room]}-{execution_id}-{suffix}"


def _safe(text: str) -> str:
    return _NOT_IN_A_NAME.sub("-", text)


@dataclass(frozen=True)
class Account:
    """Whose resources the ARNs name."""

    account_id: str
    region: str

    @property
    def arn_root(self) -> str:
        """An ARN up to and with the account."""
        return f"arn:{_partition(self.region)}:sagemaker:{self.region}:{self.account_id}"

    def arn(self, kind: str, name: str) -> str:
        """The ARN of a `processing-job`, `training-job`, `model` or `pipeline`; the name keeps its case."""
        return f"{self.arn_root}:{kind}/{name}"


def _partition(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
