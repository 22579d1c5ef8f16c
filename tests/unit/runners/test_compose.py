"""The network of Compose's containers: whoever could not join it leaves nothing of it behind."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from docker.errors import APIError

from seatrial.errors import ContainerError
from seatrial.runners.compose import ComposeNetwork

STORE = "0123456789abcdef"


def refusal(code: int, text: str) -> APIError:
    response = requests.Response()
    response.status_code = code
    return APIError(text, response, text)


class Engine:
    """Docker Engine with the store on its network `ours`; nobody may join another."""

    def __init__(self, *, joins: bool = False) -> None:
        self.made: dict[str, dict[str, str]] = {}
        self.joined: set[str] = set()
        self._joins = joins

    def networks(self, names: list[str]) -> list[dict[str, Any]]:
        return [{"Name": name} for name in self.made if name in names]

    def create_network(self, name: str, *, labels: dict[str, str], **_: Any) -> None:
        self.made[name] = labels

    def remove_network(self, name: str) -> None:
        del self.made[name]

    def inspect_network(self, name: str) -> dict[str, Any]:
        if name == "ours":
            return {"Containers": {STORE: {"Name": "store", "IPv4Address": "10.0.0.2/16"}}}
        return {"Labels": self.made[name], "Containers": {each: {} for each in self.joined}}

    def inspect_container(self, container: str) -> dict[str, Any]:
        return {"NetworkSettings": {"Networks": {name: {"IPAddress": "10.9.0.2"} for name in self.made}}}

    def connect_container_to_network(self, container: str, name: str) -> None:
        if not self._joins:
            raise refusal(500, "no address is left")
        self.joined.add(container)

    def disconnect_container_from_network(self, container: str, name: str, *, force: bool) -> None:
        if container not in self.joined:
            raise refusal(500, "container is not connected to network")
        self.joined.remove(container)


def network(engine: Engine, locks: Path) -> ComposeNetwork:
    return ComposeNetwork(lambda: SimpleNamespace(api=engine), "theirs", locks)  # type: ignore[arg-type, return-value]  # as much of it as is used


def locks_in(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("*.lock") if path.name != "network.lock"]


def test_the_last_to_leave_removes_it(tmp_path: Path) -> None:
    engine = Engine(joins=True)
    with network(engine, tmp_path).reaching("ours", "store") as address:
        assert address == "10.9.0.2"
        assert locks_in(tmp_path) == [f"{STORE[:12]}.lock"]
    assert (engine.made, engine.joined, locks_in(tmp_path)) == ({}, set(), [])


def test_a_store_that_cannot_join_leaves_neither_network_nor_lock(tmp_path: Path) -> None:
    engine = Engine()
    with (
        pytest.raises(ContainerError, match="no address is left"),
        network(engine, tmp_path).reaching("ours", "store"),
    ):
        pass
    assert (engine.made, locks_in(tmp_path)) == ({}, [])
