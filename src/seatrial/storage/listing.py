"""What a bucket holds, page by page; a page is asked for by a presigned URL and read in one go.

The S3 client makes a date and a dozen look-ups of every object's entry, of which we want three words: it
needs three times as long for a page as the store does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from urllib.parse import quote, unquote_plus, urlencode, urlsplit
from xml.etree import ElementTree

from minio.credentials.credentials import Credentials as SigningCredentials
from minio.signer import presign_v4

from seatrial.ports.storage import S3Uri, StoreAddress, StoredObject
from seatrial.storage.client import base_url
from seatrial.storage.wire import Wire

_VALID_SECONDS = 3600


class Listing:
    """Lists one endpoint's buckets, addressed by path; serves all threads of a process."""

    def __init__(self, address: StoreAddress, wire: Wire) -> None:
        keys = address.credentials
        self._base_url = base_url(address.endpoint_url)
        self._region = address.region
        self._signing = SigningCredentials(keys.access_key, keys.secret_key, keys.session_token)
        self._wire = wire

    def objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
        """Every object whose key starts with the prefix's text, in key order."""
        token: str | None = None
        while True:
            page = ElementTree.fromstring(self._page(prefix, token))  # noqa: S314  # of the user's own store
            space = page.tag.rpartition("}")[0] + "}" if page.tag.startswith("{") else ""
            yield from _objects(prefix.bucket, page, space)
            token = page.findtext(f"{space}NextContinuationToken")
            if not token:
                return

    def _page(self, prefix: S3Uri, token: str | None) -> bytes:
        query = {"encoding-type": "url", "list-type": "2", "prefix": prefix.key}
        if token:
            query["continuation-token"] = token
        if self._signing.session_token:
            query["X-Amz-Security-Token"] = self._signing.session_token
        asked = urlencode(query, quote_via=quote)
        signed = presign_v4(
            method="GET",
            url=urlsplit(f"{self._base_url}/{prefix.bucket}?{asked}"),
            region=self._region,
            credentials=self._signing,
            date=datetime.now(timezone.utc),
            expires=_VALID_SECONDS,
        )
        return self._wire.ask("GET", signed.geturl()).data


def _objects(bucket: str, page: ElementTree.Element, space: str) -> Iterator[StoredObject]:
    key, size, etag = f"{space}Key", f"{space}Size", f"{space}ETag"
    for entry in page.iter(f"{space}Contents"):
        told = {member.tag: member.text or "" for member in entry}
        yield StoredObject(bucket, unquote_plus(told[key]), int(told[size]), told[etag].strip('"'))
