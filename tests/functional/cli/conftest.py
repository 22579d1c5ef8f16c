"""A project folder as a user has one, and the command line in it; one real store for all of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from seatrial.images import Images
from seatrial.ports.storage import StoreAddress

SEATRIAL = Path(sys.executable).with_name("seatrial")


@dataclass(frozen=True)
class Project:
    """A folder with pipelines in it; `run` types `seatrial …` there."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """The command to its end."""
        return subprocess.run(
            [SEATRIAL, *arguments],
            cwd=self.folder,
            env={**self.environment, **(env or {})},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The command, running."""
        return subprocess.Popen(
            [SEATRIAL, *arguments],
            cwd=self.folder,
            env=dict(self.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def json(self, *arguments: str) -> Any:
        """What the command prints under `--json`: one object and nothing else."""
        done = self.run(*arguments, "--json")
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def write(self, name: str, definition: Mapping[str, Any] | str) -> str:
        """Put a definition into the folder; its name."""
        text = definition if isinstance(definition, str) else json.dumps(definition)
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def project(tmp_path: Path, store_address: StoreAddress, images: Images) -> Project:
    """A project that uses the session's store; `python` names the base image."""
    images.ensure("base")
    secret = store_address.credentials
    return Project(
        tmp_path,
        {
            **_without_aws(),
            "SEATRIAL_IMAGES": json.dumps({"python": "base"}),
            "SEATRIAL_STORE__ENDPOINT_URL": store_address.endpoint_url,
            "SEATRIAL_STORE__CONTAINER_ENDPOINT_URL": store_address.container_endpoint_url,
            "SEATRIAL_STORE__NETWORK": store_address.network,
            "SEATRIAL_STORE__ACCESS_KEY": secret.access_key,
            "SEATRIAL_STORE__SECRET_KEY": secret.secret_key,
            "SEATRIAL_STOP_GRACE_SECONDS": "2",
        },
    )


def _without_aws() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SEATRIAL_"))}
