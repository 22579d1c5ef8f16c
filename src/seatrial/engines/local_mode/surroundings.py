"""What this engine needs of Docker besides what local mode does itself; runners have it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

NETWORK = "sagemaker-local"
"""The one network, by name, of every container that local mode starts."""


class Surroundings(Protocol):
    """What Docker Engine sees of us, the network that Docker Compose uses, and how its containers ended."""

    def reaching(self, network: str, host: str) -> AbstractContextManager[str | None]:
        """For as long as it lasts, who is `host` on `network` is reached at the address that is given."""

    def sees(self, folder: Path, image: str) -> bool:
        """Whether Docker Engine mounts this folder of ours; the image only has to be there."""

    def exit_codes(self, labels: Mapping[str, str]) -> list[int]:
        """Of the containers with these labels that have ended, each one's exit code."""
