"""A bench for the runner's traps: one container of the base image a call."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import docker
import pytest

from seatrial.images import Images
from seatrial.ports.runners import JobOutcome, JobSpec
from seatrial.runners import DockerRunner
from tests.integration.runners.proxy import Proxy


@dataclass(frozen=True)
class Bench:
    """The real runner and a folder for logs."""

    runner: DockerRunner
    client: docker.DockerClient
    image: str
    folder: Path

    def spec(self, *command: str, **changes: Any) -> JobSpec:
        """A container of the base image."""
        name = f"seatrial-test-{secrets.token_hex(6)}"
        spec = JobSpec(
            name=name,
            image=self.image,
            log_path=self.folder / f"{name}.log",
            entrypoint=command,
            command=(),
            labels={"seatrial.execution": self.folder.name},
        )
        return replace(spec, **changes)

    def run(self, *command: str, **changes: Any) -> tuple[JobOutcome, str]:
        """Run it to its end; the outcome and the log."""
        spec = self.spec(*command, **changes)
        return self.runner.run(spec), spec.log_path.read_text(errors="replace")

    def shell(self, script: str, **changes: Any) -> tuple[JobOutcome, str]:
        """Run a line of shell, which is then process 1."""
        return self.run("sh", "-c", script, **changes)

    def left(self) -> list[str]:
        """Names of this test's containers that are still there when the runner has settled."""
        self.runner.settle()
        found = self.client.api.containers(
            all=True, filters={"label": f"seatrial.execution={self.folder.name}"}
        )
        return [container["Names"][0] for container in found]


@pytest.fixture
def bench(
    runner: DockerRunner, docker_client: docker.DockerClient, images: Images, tmp_path: Path
) -> Iterator[Bench]:
    """The bench; whatever a failing test leaves is removed."""
    yield Bench(runner, docker_client, images.ensure("base"), tmp_path)
    runner.sweep({"seatrial.execution": tmp_path.name})


@pytest.fixture
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A way to the engine that can be cut."""
    with Proxy(tmp_path_factory.mktemp("proxy") / "docker.sock") as proxy:
        yield proxy


@pytest.fixture
def behind_proxy(bench: Bench, proxy: Proxy) -> Iterator[Callable[[], Bench]]:
    """The same bench with a runner that reaches the engine through the proxy."""
    client = docker.DockerClient(base_url=f"unix://{proxy.path}", timeout=20)
    runner = DockerRunner(client, helper_image=lambda: bench.image)
    yield lambda: replace(bench, runner=runner)
    runner.settle()
    client.close()
