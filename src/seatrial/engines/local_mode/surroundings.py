"""What this engine needs of Docker besides what local mode does itself; runners have it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

NETWORK = "sagemaker-local"
"""The one network, by name, of every container that local mode starts."""


class Surroundings(Protocol):
    """The network that Docker Compose puts containers on, and how they ended."""

    def reaching(self, network: str, host: str) -> AbstractContextManager[str | None]:
        """For as long as it lasts, who is `host` on `network` is reached at the address that is given."""

    def exit_codes(self, labels: Mapping[str, str]) -> list[int]:
        """Of the containers with these labels that have ended, each one's exit code."""
