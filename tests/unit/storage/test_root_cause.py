"""What is said of a store that does not answer."""

from __future__ import annotations

import pytest
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError, ProtocolError

from seatrial.storage.failures import root_cause


def test_a_refused_connection_is_said_in_two_words() -> None:
    with PoolManager(retries=1) as http, pytest.raises(HTTPError) as failure:
        http.request("GET", "http://127.0.0.1:9/")

    assert root_cause(failure.value) == "Connection refused"


def test_the_innermost_words_are_taken() -> None:
    wrapped = ProtocolError("Connection aborted.", FileNotFoundError(2, "No such file or directory"))

    assert root_cause(wrapped) == "No such file or directory"
    assert root_cause(TimeoutError()) == "TimeoutError"
    assert root_cause(HTTPError("Read timed out.")) == "Read timed out."
