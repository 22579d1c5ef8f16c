"""What a bucket holds, page by page; a page is asked for by a presigned URL and read in one go.

Whatever is not a whole page of a listing is an error: an empty answer would be taken for an empty bucket.

The S3 client makes a date and a dozen look-ups of every object's entry, of which we want four words: it
needs three times as long for a page as the store does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from urllib.parse import quote, unquote_plus, urlencode, urlsplit
from xml.etree import ElementTree

from minio.credentials.credentials import Credentials as SigningCredentials
from minio.signer import presign_v4

from seatrial.ports.storage import S3Uri, StoreAddress, StoredObject, Writing
from seatrial.storage.client import base_url
from seatrial.storage.failures import broken
from seatrial.storage.tries import tried_again
from seatrial.storage.wire import Wire

_VALID_SECONDS = 3600


_Entry = tuple[StoredObject, str]
"""An object and when it was written; of many objects, values that nobody asks for take their time."""


@dataclass(frozen=True)
class _Page:
    entries: list[_Entry]
    next_token: str | None


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
        return (stored for stored, _ in self._entries(prefix))

    def writings(self, prefix: S3Uri) -> Iterator[Writing]:
        """The same, and when each was written."""
        return (Writing(stored, stamp) for stored, stamp in self._entries(prefix))

    def _entries(self, prefix: S3Uri) -> Iterator[_Entry]:
        token: str | None = None
        while True:
            body = tried_again(partial(self._page, prefix, token))
            try:
                page = _read(prefix.bucket, body)
            except (ElementTree.ParseError, KeyError, ValueError) as odd:
                answer = f"no page of a listing ({odd})"
                raise broken(self._base_url, str(prefix), answer) from odd
            yield from page.entries
            token = page.next_token
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


def _read(bucket: str, body: bytes) -> _Page:
    page = ElementTree.fromstring(body)  # noqa: S314  # of the store that the user named
    space, _, name = page.tag.rpartition("}")
    space = f"{space}}}" if space else ""
    if name != "ListBucketResult":
        raise ValueError(f"the answer is a <{name}>")
    token = page.findtext(f"{space}NextContinuationToken")
    if not token and page.findtext(f"{space}IsTruncated") == "true":
        raise ValueError("there is more, but no token to ask for it")
    # Asked for it, S3 encodes keys, since XML has no room for every character. Others may not know how.
    encoded = page.findtext(f"{space}EncodingType") == "url"
    return _Page(list(_entries(bucket, page, space, unquote_plus if encoded else str)), token)


def _entries(
    bucket: str, page: ElementTree.Element, space: str, decoded: Callable[[str], str]
) -> Iterator[_Entry]:
    key, size, etag, modified = (f"{space}{name}" for name in ("Key", "Size", "ETag", "LastModified"))
    for entry in page.iter(f"{space}Contents"):
        told = {member.tag: member.text or "" for member in entry}
        stored = StoredObject(bucket, decoded(told[key]), int(told[size]), told[etag].strip('"'))
        yield stored, told.get(modified, "")
