"""The engine on parts in memory; a small program stands in for the process that holds the SDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seatrial.engines.local_mode import LocalModeEngine
from seatrial.ports.jobs import JobResult
from seatrial.settings import Settings
from tests.adapters.clock import StillClock
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_runner import MemoryRunner
from tests.adapters.memory_store import MemoryStore
from tests.unit.engines.native.requests import (
    ADDRESS,
    Heard,
    job_request,
    processing_parameters,
    training_parameters,
)

_PROGRAM = """
import json, os, signal, sys, time
from pathlib import Path
order = json.loads(sys.stdin.readline())
answer = {{"job_name": order["job_name"], "failure": None, "uploaded": []}}
{act}
Path(order["folder"], "answer.json").write_text(json.dumps(answer))
"""


def program(act: str = "") -> str:
    """A process that reads its order, does what the test says, and answers."""
    return _PROGRAM.format(act=act)


class StillSurroundings:
    """A network on which the store is at `place`, and containers that ended with `codes`."""

    def __init__(self, place: str | None = "10.9.0.2", codes: tuple[int, ...] = (0,)) -> None:
        self.place = place
        self.codes = codes
        self.sighted = True
        self.asked: list[tuple[str, str]] = []
        self.open = 0

    @contextmanager
    def reaching(self, network: str, host: str) -> Iterator[str | None]:
        """Note who is to be reached."""
        self.asked.append((network, host))
        self.open += 1
        yield self.place
        self.open -= 1

    def sees(self, folder: Path, image: str) -> bool:
        """Only a folder that is there."""
        return folder.is_dir() and self.sighted

    def exit_codes(self, labels: Mapping[str, str]) -> list[int]:
        """Always the same."""
        return list(self.codes)


class Bench:
    """An engine whose every job is one small program."""

    def __init__(
        self,
        folder: Path,
        act: str = "",
        surroundings: StillSurroundings | None = None,
        images: MemoryImages | None = None,
    ) -> None:
        self.folder = folder / "attempt"
        self.store = MemoryStore()
        self.images = images or MemoryImages(everything=True)
        self.settings = Settings(state_dir=folder / "state", cache_dir=folder / "cache")
        self.surroundings = surroundings or StillSurroundings()
        self.progress = Heard()
        self.engine = LocalModeEngine(
            MemoryRunner({}),
            self.store,
            ADDRESS,
            self.images,
            self.settings,
            StillClock(tick=1.0),
            self.surroundings,
            program=program(act),
        )

    def process(self, **members: Any) -> JobResult:
        """Run a processing job."""
        request = job_request(self.folder, "Processing", processing_parameters(**members))
        return self.engine.run(request, self.progress)

    def train(self, **members: Any) -> JobResult:
        """Run a training job."""
        request = job_request(self.folder, "Training", training_parameters(**members))
        return self.engine.run(request, self.progress)
