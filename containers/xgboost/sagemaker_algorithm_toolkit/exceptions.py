"""Whose fault a failure is: the job's author's, or the algorithm's."""

from __future__ import annotations


class BaseToolkitError(Exception):
    """A failure in words that name the error behind it, if there is one."""

    def __init__(self, message: str, caused_by: Exception | None = None) -> None:
        cause = f" (caused by {type(caused_by).__name__})" if caused_by else ""
        self.message = message + cause
        self.caused_by = caused_by
        super().__init__(self.message)


class UserError(BaseToolkitError):
    """The job's author can put it right: a hyperparameter, a channel, the data."""


class AlgorithmError(BaseToolkitError):
    """Training failed for a reason that no rule knows."""


class PlatformError(BaseToolkitError):
    """What the job runs on does not do its part."""
