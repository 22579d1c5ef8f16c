"""What is said of a store that does not answer, or refuses."""

from __future__ import annotations

import pytest
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError, ProtocolError

from seatrial.storage.failures import refused, root_cause


def test_a_refused_connection_is_said_in_two_words() -> None:
    with PoolManager(retries=1) as http, pytest.raises(HTTPError) as failure:
        http.request("GET", "http://127.0.0.1:9/")

    assert root_cause(failure.value) == "Connection refused"


def test_the_innermost_words_are_taken() -> None:
    wrapped = ProtocolError("Connection aborted.", FileNotFoundError(2, "No such file or directory"))

    assert root_cause(wrapped) == "No such file or directory"
    assert root_cause(TimeoutError()) == "TimeoutError"
    assert root_cause(HTTPError("Read timed out.")) == "Read timed out."


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "RequestTimeTooSkewed",
            "The difference between the request time and the server's time is too large.",
        ),
        ("AccessDenied", "Request has expired"),
        ("AccessDenied", "Request is not valid yet"),
    ],
)
def test_a_refusal_that_is_the_clocks_fault_tells_of_the_clocks(code: str, message: str) -> None:
    told = refused(code, message, "s3://bucket/key")
    assert told.slug == "store-clock"
    assert "clock" in str(told.hint)
    assert message in told.message


def test_a_denial_for_another_reason_is_about_the_keys() -> None:
    told = refused("AccessDenied", "Access Denied.", "s3://bucket/key")
    assert (told.slug, "store.access_key" in str(told.hint)) == ("store-access-denied", True)


@pytest.mark.parametrize(
    "code",
    ["HTTP 301", "HTTP 302", "HTTP 307", "HTTP 308", "PermanentRedirect", "TemporaryRedirect", "Redirect"],
)
def test_a_store_that_sends_us_elsewhere_is_at_another_address_or_in_another_region(code: str) -> None:
    told = refused(code, "Moved", "s3://bucket/key")
    assert told.slug == "store-elsewhere"
    assert "store.endpoint_url" in str(told.hint)
    assert "region" in str(told.hint)
