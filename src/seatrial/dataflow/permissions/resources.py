"""Resource patterns as the local store compares them: with IAM's meaning, which is not quite the store's.

For a call about a bucket MinIO compares `bucket/`, so that `bucket/*` would allow to list it; on AWS it does
not. Patterns are therefore told apart by what they can mean there: a bucket's ARN has no slash.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from seatrial.dataflow.permissions.actions import matches
from seatrial.dataflow.permissions.variables import UNKNOWN, Caller, Unknown, filled

ARN = "arn:aws:s3:::"
EVERYTHING = f"{ARN}*"


@dataclass(frozen=True)
class Resources:
    """What a list of patterns means here: `names` (`bucket`, `bucket/key*`), and those that mean nothing.

    `elsewhere` cannot name anything in the store; of `unknown` nobody here can say what they name.
    """

    names: tuple[str, ...]
    elsewhere: tuple[str, ...]
    unknown: tuple[str, ...]


def read_resources(patterns: Iterable[str], caller: Caller) -> Resources:
    """Each pattern without what stands before the bucket's name."""
    names, elsewhere, unknown = list[str](), list[str](), list[str]()
    for pattern in patterns:
        text = filled(pattern, caller)
        name = _name(text) if isinstance(text, str) else text
        if isinstance(name, Unknown):
            unknown.append(pattern)
        elif name is None:
            elsewhere.append(pattern)
        else:
            names.append(name)
    return Resources(tuple(dict.fromkeys(names)), tuple(elsewhere), tuple(unknown))


def _name(pattern: str) -> str | Unknown | None:
    """What follows `arn:aws:s3:::`, however that is written; None for the ARN of something else."""
    if pattern == "*":
        return "*"
    head = pattern.split(":", 5)
    if len(head) < 6:  # a wildcard stands for colons as well
        return "*" if pattern.endswith("*") and ARN.startswith(pattern[:-1]) else UNKNOWN
    arn, partition, service, region, account, name = head
    if not name.partition("/")[0]:
        return None  # no bucket is without a name
    ours = matches(arn, "arn") and any(matches(partition, each) for each in _PARTITIONS)
    return name if ours and matches(service, "s3") and matches(region, "") and matches(account, "") else None


_PARTITIONS = ("aws", "aws-cn", "aws-us-gov")


def for_objects(names: Iterable[str]) -> tuple[str, ...]:
    """Those that can mean an object, as ARNs: a wildcard may stand for the slash before its key."""
    return tuple(f"{ARN}{name}" for name in names if any(sign in name for sign in "/*?"))


def for_buckets(names: Iterable[str]) -> tuple[str, ...]:
    """Those that can mean a bucket, as ARNs that the store compares with `bucket/`."""
    return tuple(f"{ARN}{_closed(name)}" for name in names if "/" not in name)


def _closed(name: str) -> str:
    """Without the slash, a wildcard at the end could stand for that of the store."""
    return f"{name}/" if any(sign in name for sign in "*?") else name
