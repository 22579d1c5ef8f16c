"""The S3 actions that the local store can allow and deny; a test asks the real store about each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

OBJECT_ACTIONS = frozenset(
    [
        "AbortMultipartUpload",
        "BypassGovernanceRetention",
        "DeleteObject",
        "DeleteObjectTagging",
        "DeleteObjectVersion",
        "DeleteObjectVersionTagging",
        "GetObject",
        "GetObjectAttributes",
        "GetObjectLegalHold",
        "GetObjectRetention",
        "GetObjectTagging",
        "GetObjectVersion",
        "GetObjectVersionAttributes",
        "GetObjectVersionForReplication",
        "GetObjectVersionTagging",
        "ListMultipartUploadParts",
        "PutObject",
        "PutObjectLegalHold",
        "PutObjectRetention",
        "PutObjectTagging",
        "PutObjectVersionTagging",
        "ReplicateDelete",
        "ReplicateObject",
        "ReplicateTags",
        "RestoreObject",
    ]
)
BUCKET_ACTIONS = frozenset(
    [
        "CreateBucket",
        "DeleteBucket",
        "DeleteBucketPolicy",
        "GetBucketCors",
        "GetBucketLocation",
        "GetBucketNotification",
        "GetBucketObjectLockConfiguration",
        "GetBucketPolicy",
        "GetBucketPolicyStatus",
        "GetBucketTagging",
        "GetBucketVersioning",
        "GetEncryptionConfiguration",
        "GetLifecycleConfiguration",
        "GetReplicationConfiguration",
        "ListAllMyBuckets",
        "ListBucket",
        "ListBucketMultipartUploads",
        "ListBucketVersions",
        "PutBucketCors",
        "PutBucketNotification",
        "PutBucketObjectLockConfiguration",
        "PutBucketPolicy",
        "PutBucketTagging",
        "PutBucketVersioning",
        "PutEncryptionConfiguration",
        "PutLifecycleConfiguration",
        "PutReplicationConfiguration",
    ]
)
KNOWN_ACTIONS = OBJECT_ACTIONS | BUCKET_ACTIONS


def is_of_s3(pattern: str) -> bool:
    """Whether an action of a policy means any of S3's."""
    service, colon, _ = pattern.partition(":")
    return matches(service, "s3", ignoring_case=True) if colon else pattern == "*"


def selected(patterns: Iterable[str]) -> frozenset[str]:
    """The actions that the patterns mean, of those that the store knows."""
    return frozenset(
        name for pattern in patterns if is_of_s3(pattern) for name in KNOWN_ACTIONS if _means(pattern, name)
    )


def unknown(patterns: Iterable[str]) -> tuple[str, ...]:
    """The patterns of S3 that mean nothing that the store knows."""
    return tuple(pattern for pattern in patterns if is_of_s3(pattern) and not selected([pattern]))


def _means(pattern: str, name: str) -> bool:
    _, colon, wanted = pattern.partition(":")
    return not colon or matches(wanted, name, ignoring_case=True)


def matches(pattern: str, text: str, *, ignoring_case: bool = False) -> bool:
    """Whether the text is what the pattern means: `*` is any text, slashes too, `?` any one character."""
    return _compiled(pattern, ignoring_case).fullmatch(text) is not None


@lru_cache(4096)
def _compiled(pattern: str, ignoring_case: bool) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    source = "".join(parts.get(sign) or re.escape(sign) for sign in pattern)
    return re.compile(source, re.DOTALL | (re.IGNORECASE if ignoring_case else 0))
