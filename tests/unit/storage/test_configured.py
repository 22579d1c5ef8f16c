"""The address of a store that the settings name."""

from __future__ import annotations

import pytest

from seatrial.errors import RefusedError
from seatrial.settings import Settings, StoreSettings
from seatrial.storage.configured import configured_address


def named(**store: object) -> Settings:
    keys = {"access_key": "key", "secret_key": "secret"}
    return Settings(store=StoreSettings.model_validate(keys | store), region="eu-west-1")


@pytest.fixture(autouse=True)
def without_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    """No engine answers: what is asked here does not need one."""
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")


def test_settings_that_name_no_endpoint_have_no_address() -> None:
    assert configured_address(Settings()) is None


def test_an_endpoint_elsewhere_is_the_same_for_containers() -> None:
    address = configured_address(named(endpoint_url="https://s3.example.com/"))
    assert address is not None
    assert address.endpoint_url == address.container_endpoint_url == "https://s3.example.com"
    assert (address.network, dict(address.hosts), address.region) == ("bridge", {}, "eu-west-1")
    assert address.credentials.secret_key == "secret"
    assert "secret" not in repr(address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_an_endpoint_on_this_machine_is_the_docker_host_for_containers(host: str) -> None:
    address = configured_address(named(endpoint_url=f"http://{host}:9000"))
    assert address is not None
    assert address.container_endpoint_url == "http://host.docker.internal:9000"
    assert dict(address.hosts) == {"host.docker.internal": "host-gateway"}


def test_what_the_user_says_of_containers_is_taken_as_it_is() -> None:
    address = configured_address(
        named(endpoint_url="http://localhost:9000", container_endpoint_url="http://minio:9000/", network="ci")
    )
    assert address is not None
    assert (address.container_endpoint_url, address.network) == ("http://minio:9000", "ci")
    assert dict(address.hosts) == {}


@pytest.mark.parametrize("url", ["localhost:9000", "s3://bucket", "http://", "http://host:9000/bucket", ""])
def test_what_is_no_endpoint_is_refused(url: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        configured_address(named(endpoint_url=url))
    assert refusal.value.slug == "invalid-endpoint"
    assert refusal.value.where == "store.endpoint_url"


@pytest.mark.parametrize("missing", ["access_key", "secret_key"])
def test_an_endpoint_without_keys_is_refused_with_what_to_set(missing: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        configured_address(named(endpoint_url="http://host:9000", **{missing: None}))
    assert refusal.value.slug == "store-without-credentials"
    assert "SEATRIAL_STORE__ACCESS_KEY" in str(refusal.value.hint)
