"""An engine of substitutes around one that remembers, over a store in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from seatrial.engines.substitutes import SubstitutingEngine
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.ports.storage import S3Uri
from seatrial.ports.substitutes import Substitute
from tests.adapters.clock import StillClock
from tests.adapters.memory_engine import Answer, MemoryEngine
from tests.adapters.memory_store import MemoryStore
from tests.unit.engines.native.requests import job_request


class Bench:
    """`inner` is asked for what a substitute only changes."""

    def __init__(self, folder: Path, answers: dict[str, Answer] | None = None) -> None:
        self.folder = folder
        self.store = MemoryStore()
        self.inner = MemoryEngine(answers)
        self.engine = SubstitutingEngine(self.inner, self.store, StillClock(tick=1.0))

    def local(self, name: str, text: str = "1,2\n") -> str:
        """A local file; its path."""
        path = self.folder / "local" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    def request(self, kind: Any, parameters: dict[str, Any], substitute: Substitute | None) -> JobRequest:
        """A request of an attempt of its own."""
        return replace(job_request(self.folder / "attempt", kind, parameters), substitute=substitute)

    def run(self, kind: Any, parameters: dict[str, Any], **given: Any) -> JobResult:
        """Let the substitute do the job's work."""
        return self.engine.run(self.request(kind, parameters, Substitute(**given)), lambda progress: None)

    def text(self, uri: str) -> str:
        """An object's content."""
        return self.store.read(S3Uri.parse(uri)).decode()
