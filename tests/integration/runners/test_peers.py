"""Containers of one job find one another by names that other jobs use as well."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from seatrial.errors import ContainerError
from seatrial.ports.runners import JobSpec, Peers
from seatrial.runners.private_networks import network_of_peers
from tests.integration.runners.conftest import Bench

# The addresses that the names have here; whoever has ended has none.
LOOK = """
import socket, time
for _ in range(200):
    try:
        found = [socket.gethostbyname(name) for name in ("algo-1", "algo-2")]
        break
    except OSError:
        time.sleep(0.05)
print(*found)
time.sleep(2)
"""


def labels(bench: Bench) -> dict[str, str]:
    return {"seatrial.execution": bench.folder.name}


def networks(bench: Bench) -> list[str]:
    found = bench.client.api.networks(filters={"label": f"seatrial.execution={bench.folder.name}"})
    return [network["Name"] for network in found]


def run_all(bench: Bench, specs: list[JobSpec]) -> list[list[str]]:
    """All at the same time; the lines of each one's log."""
    with ThreadPoolExecutor(len(specs)) as threads:
        outcomes = list(threads.map(bench.runner.run, specs))
    assert [outcome.exit_code for outcome in outcomes] == [0] * len(specs)
    bench.runner.settle()
    return [spec.log_path.read_text().splitlines() for spec in specs]


def test_every_peer_has_one_address_wherever_it_is_looked_up(bench: Bench) -> None:
    both = [bench.runner.together(f"{bench.folder.name}-{number}", labels(bench)) for number in (1, 2)]
    with both[0] as one, both[1] as other:
        specs = [
            bench.spec("python3", "-c", LOOK, network="bridge", peers=Peers(network, f"algo-{number}"))
            for network in (one, other)
            for number in (1, 2)
        ]
        logs = run_all(bench, specs)
        assert len(networks(bench)) == 2

    assert logs[0] == logs[1] != logs[2] == logs[3]
    assert networks(bench) == []


def test_what_a_killed_process_left_of_several_is_swept(bench: Bench) -> None:
    left = network_of_peers(bench.client.api, bench.folder.name, labels(bench))
    network = left.__enter__()
    config = bench.client.api.create_host_config(network_mode=network)
    worn = {"seatrial.runner": "job", **labels(bench)}
    made = bench.client.api.create_container(bench.image, ["sleep", "60"], labels=worn, host_config=config)
    bench.client.api.start(made["Id"])

    assert bench.runner.sweep(labels(bench)) == 1

    assert networks(bench) == []
    assert bench.left() == []


def test_a_network_that_is_not_there_leaves_no_container(bench: Bench) -> None:
    with bench.runner.together(bench.folder.name, labels(bench)) as network:
        spec = bench.spec("true", network="no-such-network", peers=Peers(network, "algo-1"))
        with pytest.raises(ContainerError):
            bench.runner.run(spec)

    assert bench.left() == []
    assert networks(bench) == []
