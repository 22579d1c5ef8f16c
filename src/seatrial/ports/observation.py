"""What a job's own code was seen to do, besides what the definition says of it.

What was not observed is None, and a reason stands beside it: it is never taken for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class S3Call:
    """Calls that were made alike: one operation on one key, with one answer.

    `operation` is S3's own word (`GetObject`, `ListObjectsV2`); `key` is the prefix asked for in a listing,
    and empty for what concerns the bucket. `status` is HTTP's; `error` S3's code where one is known
    (`AccessDenied`). `bytes_in` went to the store, `bytes_out` came from it, over all `count` calls.
    """

    operation: str
    bucket: str
    key: str
    status: int
    first: datetime
    last: datetime
    count: int = 1
    bytes_in: int = 0
    bytes_out: int = 0
    error: str | None = None

    @property
    def uri(self) -> str:
        """`s3://bucket/key`."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def refused(self) -> bool:
        """Whether the store did not allow it."""
        return self.status in (401, 403)


@dataclass(frozen=True)
class InputFiles:
    """How many files of one input the container opened; `unopened` names the first of the others."""

    input: str
    files: int
    opened: int
    unopened: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observation:
    """What was seen of one job.

    `calls_unseen` and `files_unseen` say why there is nothing to see, or what is missing from what there is.
    """

    calls: tuple[S3Call, ...] | None = None
    calls_unseen: str | None = None
    inputs: tuple[InputFiles, ...] | None = None
    files_unseen: str | None = None


@dataclass(frozen=True)
class SeenCalls:
    """The calls of one key, in order of time; `unseen` says why there are none to see, or what is missing."""

    calls: tuple[S3Call, ...] | None = None
    unseen: str | None = None


class CallLog(Protocol):
    """Sees the calls that the store answers, whoever makes them; keeps those of keys that it was told."""

    def expect(self, access_key: str) -> None:
        """From now on calls with this key are kept; asked before anybody has the key."""

    def forget(self, access_key: str) -> None:
        """Nobody will ask for this key's calls any more; one that was never expected is no error."""

    def calls_of(self, access_key: str) -> SeenCalls:
        """Every call made with this key until now."""
