"""A binding to a store that is never asked."""

from __future__ import annotations

import pytest

from seatrial.ports.storage import Credentials, StoreAddress
from seatrial.sessions.binding import Binding


@pytest.fixture
def nowhere() -> StoreAddress:
    """An address at which nothing listens."""
    return StoreAddress(
        endpoint_url="http://127.0.0.1:9",
        container_endpoint_url="http://store:9000",
        network="none",
        credentials=Credentials("store-key", "store-secret"),
    )


@pytest.fixture
def binding(nowhere: StoreAddress) -> Binding:
    """A binding of account and region to that address."""
    return Binding(nowhere, account_id="123456789012", region="eu-central-1")
