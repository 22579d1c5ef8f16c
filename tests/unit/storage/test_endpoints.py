"""What an endpoint's URL may look like, and what is signed of it."""

from __future__ import annotations

import pytest

from seatrial.errors import RefusedError
from seatrial.storage.client import base_url, split_endpoint


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("http://store:9000", "http://store:9000"),
        ("http://store:9000/", "http://store:9000"),
        ("http://store:80", "http://store"),
        ("http://store:443", "http://store:443"),
        ("https://store:443", "https://store"),
        ("https://store:80", "https://store:80"),
        ("http://store:", "http://store"),
        ("HTTP://Store.Example.COM:09000", "http://store.example.com:9000"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://[FE80::1]:9000", "http://[fe80::1]:9000"),
    ],
)
def test_a_host_is_signed_as_the_http_library_sends_it(written: str, meant: str) -> None:
    assert base_url(written) == meant
    assert split_endpoint(written) == (meant.partition("//")[2], meant.startswith("https"))


@pytest.mark.parametrize(
    "written",
    ["store:9000", "ftp://store", "http://", "http://store/bucket", "http://a:b@store", "http://store:x"],
)
def test_what_is_no_endpoint_is_refused(written: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        split_endpoint(written)
    assert refusal.value.slug == "invalid-endpoint"
    assert refusal.value.hint
