"""The call log of one store; talks to nobody until it is asked to expect a key."""

from __future__ import annotations

from datetime import timedelta

from urllib3 import Timeout

from seatrial.ports.storage import StoreAddress
from seatrial.storage.calls.follower import TracedCalls
from seatrial.storage.calls.stream import trace
from seatrial.storage.client import http_pool, s3_client
from seatrial.storage.job_credentials import STATE_BUCKET

_VALID = timedelta(minutes=5)
_TIMEOUT = Timeout(connect=5, read=5)


def traced_calls(address: StoreAddress) -> TracedCalls:
    """Sees what is called there, if the store shows its trace to the keys of this address."""
    http = http_pool()
    client = s3_client(address.endpoint_url, address.credentials, address.region, http)

    def make_call(word: str) -> None:
        # Whatever the answer: no object of this name was ever written, and the bucket need not be there.
        url = client.get_presigned_url("HEAD", STATE_BUCKET, word, expires=_VALID)
        http.request("HEAD", url, timeout=_TIMEOUT, retries=False)

    return TracedCalls(lambda: trace(address), make_call, address.credentials.access_key)
