"""The call log of one store; talks to nobody until it is asked to expect a key."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from typing import TypeAlias

from urllib3 import Timeout

from seatrial.ports.storage import StoreAddress
from seatrial.storage.calls.follower import TracedCalls
from seatrial.storage.calls.stream import trace
from seatrial.storage.client import http_pool, s3_client
from seatrial.storage.job_credentials import STATE_BUCKET

_VALID = timedelta(minutes=5)
_TIMEOUT = Timeout(connect=5, read=5)

_Whose: TypeAlias = tuple[int, str, str, str | None]
_logs: dict[_Whose, TracedCalls] = {}
_one_at_a_time = threading.Lock()


def traced_calls(address: StoreAddress) -> TracedCalls:
    """Sees what is called there, if the store shows its trace to the keys of this address.

    All of a process share one: MinIO shows its trace to eight readers at a time, and refuses the ninth.
    """
    keys = address.credentials
    # A forked process has the log, and not the thread that reads for it.
    whose = (os.getpid(), address.endpoint_url, keys.access_key, keys.session_token)
    with _one_at_a_time:
        if whose not in _logs:
            _logs[whose] = _made(address)
        return _logs[whose]


def _made(address: StoreAddress) -> TracedCalls:
    http = http_pool()
    client = s3_client(address.endpoint_url, address.credentials, address.region, http)

    def make_call(word: str) -> None:
        # Whatever the answer: no object of this name was ever written, and the bucket need not be there.
        url = client.get_presigned_url("HEAD", STATE_BUCKET, word, expires=_VALID)
        http.request("HEAD", url, timeout=_TIMEOUT, retries=False)

    return TracedCalls(lambda: trace(address), make_call, address.credentials.access_key)
