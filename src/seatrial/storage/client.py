"""The one S3 client and how patient it is; knows nothing of what is transferred."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import certifi
from minio import Minio
from urllib3 import PoolManager, Retry, Timeout

from seatrial.errors import RefusedError
from seatrial.ports.storage import Credentials

# Signing is Python, one thread at a time: 16 or 32 move no more small files a second than 8 do. And each
# part of a large file that is on its way is held in memory.
TRANSFERS = 8
PARTS = 3


def http_pool() -> PoolManager:
    """Connections for all transfers at once; a POST is not repeated: an upload can be completed once."""
    return PoolManager(
        maxsize=TRANSFERS * 2,
        blocksize=1024 * 1024,  # of a file that is sent
        timeout=Timeout(connect=5, read=60),
        retries=Retry(total=2, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)),
        cert_reqs="CERT_REQUIRED",
        ca_certs=os.environ.get("SSL_CERT_FILE") or certifi.where(),
    )


def s3_client(endpoint_url: str, credentials: Credentials, region: str, http: PoolManager) -> Minio:
    """A client of the endpoint with keys of its own."""
    host, secure = split_endpoint(endpoint_url)
    return Minio(
        host,
        access_key=credentials.access_key,
        secret_key=credentials.secret_key,
        session_token=credentials.session_token,
        secure=secure,
        region=region,
        http_client=http,
    )


def split_endpoint(endpoint_url: str) -> tuple[str, bool]:
    """Host (with port) and whether it speaks TLS."""
    parts = urlsplit(endpoint_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise RefusedError(
            f"not an endpoint: {endpoint_url!r}",
            slug="invalid-endpoint",
            where="store.endpoint_url",
            hint="it looks like http://host:9000, with nothing behind the port",
        )
    return parts.netloc, parts.scheme == "https"
