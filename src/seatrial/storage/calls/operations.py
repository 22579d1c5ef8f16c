"""S3's own words for what the store's trace calls its handlers; a plain table."""

from __future__ import annotations

# MinIO names handlers, and most of them as S3 names operations.
_S3_NAMES = {
    "CopyObjectPart": "UploadPartCopy",
    "DeleteMultipleObjects": "DeleteObjects",
    "GetBucketObjectLockConfig": "GetObjectLockConfiguration",
    "ListObjectsV1": "ListObjects",
    "ListObjectsV2M": "ListObjectsV2",
    "ListObjectParts": "ListParts",
    "NewMultipartUpload": "CreateMultipartUpload",
    "PostPolicyBucket": "PostObject",
    "PutBucket": "CreateBucket",
    "PutObjectExtract": "PutObject",
    "PutObjectPart": "UploadPart",
    "SelectObjectContent": "SelectObjectContent",
}

COPIES = frozenset({"CopyObject", "UploadPartCopy"})


def operation_of(funcname: str) -> str:
    """`GetObject` for `s3.GetObject`."""
    name = funcname.removeprefix("s3.")
    return _S3_NAMES.get(name, name)
