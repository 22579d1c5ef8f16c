"""The environment of a job's container; takes nothing from the host's own.

S3 alone is redirected: `AWS_ENDPOINT_URL` would send every other service's calls to the object store,
which answers them in S3's words. boto3 and the AWS CLI know `AWS_ENDPOINT_URL_S3` for as long as they
know `AWS_ENDPOINT_URL` (botocore 1.31); the training toolkit has its own `S3_ENDPOINT_URL`; what is older
is served by `old_clients`.
"""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.engines.native.old_clients import ENVIRONMENT
from seatrial.ports.storage import Credentials, StoreAddress


def job_environment(
    own: Mapping[str, str],
    address: StoreAddress,
    credentials: Credentials | None,
    *,
    set_default_region: bool,
) -> dict[str, str]:
    """What the service sets, and above it what the request sets; `credentials` is None in isolation.

    An isolated container is given no credentials, and no address that it could not reach anyway.
    """
    platform = {"AWS_REGION": address.region}
    if set_default_region:
        platform["AWS_DEFAULT_REGION"] = address.region
    if credentials:
        platform |= _store_access(address, credentials)
    return {**platform, **own}


def _store_access(address: StoreAddress, credentials: Credentials) -> dict[str, str]:
    access = {
        **ENVIRONMENT,
        "AWS_ENDPOINT_URL_S3": address.container_endpoint_url,
        "S3_ENDPOINT_URL": address.container_endpoint_url,
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        # The store is plain HTTP on a private network: there is no metadata service to wait for.
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    if credentials.session_token:
        access["AWS_SESSION_TOKEN"] = credentials.session_token
    return access
