"""The one S3 client and how patient it is; knows nothing of what is transferred."""

from __future__ import annotations

import os
from urllib.parse import SplitResult, urlsplit

import certifi
from minio import Minio
from urllib3 import PoolManager, Retry, Timeout

from seatrial.errors import RefusedError
from seatrial.ports.storage import Credentials
from seatrial.storage.wire import keep_signed_urls_out_of_logs

# Signing is Python, one thread at a time: 16 or 32 move no more small files a second than 8 do. And each
# part of a large file that is on its way is held in memory.
TRANSFERS = 8
PARTS = 3
_PORTS = {"http": 80, "https": 443}


def http_pool() -> PoolManager:
    """Connections for all transfers at once; a POST is not repeated: an upload can be completed once."""
    keep_signed_urls_out_of_logs()
    return PoolManager(
        maxsize=TRANSFERS * 2,
        timeout=Timeout(connect=5, read=60),
        retries=Retry(total=2, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)),
        cert_reqs="CERT_REQUIRED",
        ca_certs=certificates(),
    )


def certificates() -> str:
    """The file of those who may vouch for a store that speaks TLS."""
    return os.environ.get("SSL_CERT_FILE") or certifi.where()


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


def base_url(endpoint_url: str) -> str:
    """The endpoint as every request to it is signed, nothing behind the port."""
    host, secure = split_endpoint(endpoint_url)
    return f"{'https' if secure else 'http'}://{host}"


def split_endpoint(endpoint_url: str) -> tuple[str, bool]:
    """Host (with port) and whether it speaks TLS.

    The host is as the HTTP library names it to the store, which checks the signature against that: in
    small letters, the scheme's own port left out.
    """
    parts = urlsplit(endpoint_url)
    port = _port(parts)
    if (
        parts.scheme not in _PORTS
        or not parts.hostname
        or port is None
        or parts.path.strip("/")
        or "@" in parts.netloc
    ):
        raise RefusedError(
            f"not an endpoint: {endpoint_url!r}",
            slug="invalid-endpoint",
            where="store.endpoint_url",
            hint="it looks like http://host:9000, with nothing behind the port",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return host if port == _PORTS[parts.scheme] else f"{host}:{port}", parts.scheme == "https"


def _port(parts: SplitResult) -> int | None:
    """The port, said or not; None where what is said is no port."""
    try:
        return parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
