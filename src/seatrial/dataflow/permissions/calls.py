"""Which permission an S3 call asks for, by the name of the call."""

from __future__ import annotations

from seatrial.dataflow.permissions.actions import KNOWN_ACTIONS

# S3's operations whose permission has another name.
_ACTIONS = {
    "HeadObject": "GetObject",
    "SelectObjectContent": "GetObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "ListParts": "ListMultipartUploadParts",
    "DeleteObjects": "DeleteObject",
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListBuckets": "ListAllMyBuckets",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketEncryption": "GetEncryptionConfiguration",
}


def action_of(operation: str) -> str | None:
    """`s3:GetObject` for a HeadObject; None for a call that asks for nothing that a policy here knows."""
    name = _ACTIONS.get(operation, operation)
    return f"s3:{name}" if name in KNOWN_ACTIONS else None
