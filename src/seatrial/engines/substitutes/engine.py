"""A job engine around another one: a request with a substitute is answered here, every other one there."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seatrial.engines import logs
from seatrial.engines.describe import describe_job
from seatrial.engines.diary import Diary
from seatrial.engines.ending import COMPLETED, STOPPED, Ending, failed
from seatrial.engines.engine import StoppableEngine
from seatrial.engines.job import FailedJobError, RefusedJobError
from seatrial.engines.substitutes.changing import as_asked, changed
from seatrial.engines.substitutes.giving import give
from seatrial.engines.substitutes.replaying import moved, replay
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import (
    UPLOADING,
    JobEngine,
    JobKind,
    JobListener,
    JobRequest,
    JobResult,
    OutputReceipt,
)
from seatrial.ports.storage import ObjectStore
from seatrial.ports.substitutes import Substitute
from seatrial.runners.trees import remove_tree
from seatrial.storage import adopt_file_uri


class SubstitutingEngine(StoppableEngine):
    """`inner` runs whatever has no substitute, and what a substitute only changes."""

    def __init__(self, inner: JobEngine, store: ObjectStore, clock: Clock) -> None:
        super().__init__(clock)
        self._inner = inner
        self._store = store

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """What the inner engine says; whoever has a substitute need not ask."""
        return self._inner.unsupported(kind, parameters)

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """What the inner engine says."""
        return self._inner.without_effect(kind, parameters)

    def run(self, request: JobRequest, listener: JobListener) -> JobResult:
        """Give what is given; run the rest."""
        substitute = request.substitute
        if substitute is None:
            return self._inner.run(request, listener)
        if substitute.gives:
            return super().run(request, listener)
        asked = changed(request, substitute, self._adopt)
        return as_asked(self._inner.run(asked, listener), request)

    def release(self, execution_id: str) -> None:
        """What the inner engine lets go of: a substitute keeps nothing running."""
        self._inner.release(execution_id)

    def _interrupt(self, job_name: str) -> None:
        self._inner.stop(job_name)

    def _perform(self, request: JobRequest, diary: Diary, stop: threading.Event) -> JobResult:
        substitute = request.substitute or Substitute()
        log = request.folder / "log.txt"
        log.write_text(f"seatrial: no job ran; this step is substituted: {substitute.said}\n")
        diary.enter("Starting")
        ending, outputs = COMPLETED, tuple[OutputReceipt, ...]()
        if stop.is_set():
            ending = STOPPED
        else:
            try:
                diary.enter(UPLOADING)
                with diary.timing("stage_out"), _scratch(request.folder) as scratch:
                    outputs = self._outputs(request, substitute, scratch)
            except (FailedJobError, RefusedJobError) as failure:
                ending = failed(str(failure))
        diary.moved(bytes_out=sum(item.size for each in outputs for item in each.objects))
        diary.enter(ending.secondary_status)
        return JobResult(
            describe=_described(request, substitute, ending, diary, outputs),
            outputs=outputs,
            log_tail=logs.tail(log),
            seconds=diary.seconds,
            refusal=ending.failure_reason if request.kind == "Substitute" else None,
            stopped=ending is STOPPED,
        )

    def _outputs(
        self, request: JobRequest, substitute: Substitute, scratch: Path
    ) -> tuple[OutputReceipt, ...]:
        if request.recorded is not None:
            return replay(self._store, request, request.recorded, scratch)
        return give(self._store, request, substitute, scratch)

    def _adopt(self, path: str) -> str:
        """In a place of its content's own; of a folder, the prefix and nobody's beside it."""
        found = Path(path).resolve()
        uri = adopt_file_uri(self._store, found.as_uri())
        return f"{uri}/" if found.is_dir() else str(uri)


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder where every job is staged, so that what a killed process leaves in it is swept as well."""
    stage = folder / "stage"
    remove_tree(stage)
    place = stage / "scratch"
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        remove_tree(stage)


def _described(
    request: JobRequest,
    substitute: Substitute,
    ending: Ending,
    diary: Diary,
    outputs: tuple[OutputReceipt, ...],
) -> dict[str, Any]:
    """The response of the job that did not run; what only the job knew is given, or was recorded."""
    recorded = moved(request.recorded, outputs) if request.recorded is not None else {}
    if request.kind == "Substitute":
        return {**recorded, **substitute.properties}
    known = describe_job(request, ending, diary.history, {})
    if ending is not COMPLETED:
        return known
    return {**recorded, **known, **substitute.properties}
