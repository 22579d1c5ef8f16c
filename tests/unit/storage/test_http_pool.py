"""What comes with the connections: nobody's log gets to see a signed URL."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from seatrial.storage.client import http_pool

URLLIB3 = ("urllib3.connectionpool", "urllib3.util.retry")


def test_whoever_makes_connections_keeps_signed_urls_out_of_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    http_pool()
    for name in URLLIB3:
        logging.getLogger(name).debug("%s %s", "GET", "/bucket/key?X-Amz-Date=1&X-Amz-Signature=abc")
        logging.getLogger(name).debug("%s %s", "GET", "/bucket/other")
    assert [record.getMessage() for record in caplog.records] == ["GET /bucket/other"] * 2


def test_however_many_pools_there_are_a_log_has_one_filter() -> None:
    http_pool()
    before = [list(logging.getLogger(name).filters) for name in URLLIB3]
    http_pool()
    assert [logging.getLogger(name).filters for name in URLLIB3] == before


def test_the_library_says_what_it_says_until_then() -> None:
    code = "import logging, seatrial.storage; print(len(logging.getLogger('urllib3.connectionpool').filters))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
