"""Credentials that a job may have: MinIO's STS with a session policy; knows nothing of jobs."""

from __future__ import annotations

import json
from datetime import timedelta

from minio.credentials.providers import AssumeRoleProvider
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from seatrial.errors import StorageError
from seatrial.ports.storage import Credentials, StoreAddress
from seatrial.storage.client import base_url
from seatrial.storage.failures import lost

STATE_BUCKET = "seatrial-state"
_SHORTEST = timedelta(hours=1)
_LONGEST = timedelta(days=7)

_DATA_ACTIONS = (
    "s3:ListAllMyBuckets",
    "s3:GetBucketLocation",
    "s3:CreateBucket",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:GetObject",
    "s3:GetObjectTagging",
    "s3:PutObject",
    "s3:PutObjectTagging",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)


def session_policy() -> str:
    """Objects of every bucket but ours; no bucket removed, no policy changed, no administration."""
    allowed = {"Effect": "Allow", "Action": list(_DATA_ACTIONS), "Resource": ["arn:aws:s3:::*"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed, deny_state()]})


def deny_state() -> dict[str, object]:
    """The statement that keeps jobs away from what is ours."""
    ours = [f"arn:aws:s3:::{STATE_BUCKET}", f"arn:aws:s3:::{STATE_BUCKET}/*"]
    return {"Effect": "Deny", "Action": ["s3:*"], "Resource": ours}


def assume_role(
    address: StoreAddress,
    http: PoolManager,
    lasting: timedelta,
    *,
    own_keys: bool,
    policy: str | None = None,
) -> Credentials:
    """Temporary credentials from the store's STS; the store's own if it has none and `own_keys` allows it.

    `policy` is what they may do at most, every data bucket unless it is said.
    """
    provider = AssumeRoleProvider(
        sts_endpoint=base_url(address.endpoint_url),
        access_key=address.credentials.access_key,
        secret_key=address.credentials.secret_key,
        duration_seconds=int(min(max(lasting, _SHORTEST), _LONGEST).total_seconds()),
        policy=policy or session_policy(),
        region=address.region,
        http_client=http,
    )
    try:
        granted = provider.retrieve()
    except HTTPError as loss:
        raise lost(address.endpoint_url, "STS AssumeRole", loss) from loss
    except ValueError as refusal:  # what the provider makes of any other answer
        if own_keys:
            return address.credentials
        raise StorageError(
            f"{address.endpoint_url} gives no temporary credentials for jobs: {refusal}",
            slug="store-without-sts",
            where="store.endpoint_url",
            hint="set `store.own_keys_in_jobs = true` to hand the store's own keys to every job, "
            "or use an endpoint with STS AssumeRole, as MinIO has",
        ) from refusal
    return Credentials(granted.access_key, granted.secret_key, granted.session_token)
