"""A whole execution over a job engine that runs nothing: start it, run it, read its history."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from seatrial.definition import build_graph, check, parse
from seatrial.errors import MissingObjectError
from seatrial.execution import (
    STEP_TYPES,
    Control,
    ExecutionServices,
    resume_execution,
    run_execution,
    start_execution,
)
from seatrial.ports.executions import EventKind, EventListener, ExecutionRecord
from seatrial.ports.functions import FindFunction
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.ports.storage import S3Uri, StoredObject
from seatrial.records import Records
from seatrial.settings import FidelitySettings, Settings
from tests.adapters.clock import StillClock
from tests.adapters.ids import CountingIds
from tests.adapters.memory_engine import MemoryEngine


def _nothing_to_release(execution_id: str) -> None:
    """The engine of these tests leaves nothing running."""


@dataclass
class Trial:
    """What one test works with; the records are opened anew for each run, as another process would."""

    folder: Path
    engine: MemoryEngine = field(default_factory=MemoryEngine)
    objects: dict[str, bytes] = field(default_factory=dict)
    jobs: int = 4
    start_independent_steps: bool = True
    retry_service_faults: bool = False
    step_cache: bool = True
    stop_grace_seconds: float = 10.0
    checked: bool = True
    swept: list[str] = field(default_factory=list)
    control: Control = field(default_factory=Control)
    run_job: Callable[[JobRequest], JobResult] | None = None
    stop_job: Callable[[str], None] | None = None
    release: Callable[[str], object] = _nothing_to_release
    find_function: FindFunction | None = None
    ids: CountingIds = field(default_factory=CountingIds)
    clock: StillClock = field(default_factory=lambda: StillClock(tick=0.001))

    @property
    def settings(self) -> Settings:
        return Settings(
            state_dir=self.folder / "state",
            cache_dir=self.folder / "cache",
            jobs=self.jobs,
            step_cache=self.step_cache,
            stop_grace_seconds=self.stop_grace_seconds,
            fidelity=FidelitySettings(
                start_independent_steps=self.start_independent_steps,
                retry_service_faults=self.retry_service_faults,
            ),
        )

    @property
    def records(self) -> Records:
        return Records(self.settings.state_dir / "state.db", self.clock)

    def services(self, records: Records) -> ExecutionServices:
        return ExecutionServices(
            records=records,
            settings=self.settings,
            run_job=self.run_job or self._run_job,
            stop_job=self.stop_job or self.engine.stop,
            release=self.release,
            read_object=self._read,
            clock=self.clock,
            ids=self.ids,
            sweep=self.swept.append,
            list_objects=self._list,
            **({"find_function": self.find_function} if self.find_function else {}),
        )

    def start(
        self,
        document: str,
        parameters: Mapping[str, str] | None = None,
        prefix: str | None = None,
        name: str = "Churn",
        **more: Any,
    ) -> ExecutionRecord:
        definition = parse(document)
        shapes = {name: step_type.shape for name, step_type in STEP_TYPES.items()}
        errors = self.checked and [
            finding for finding in check(definition, shapes) if finding.severity.value == "error"
        ]
        assert not errors, errors
        build_graph(definition).order()
        with self.records as records:
            return start_execution(
                definition,
                parameters=parameters or {},
                prefix=prefix,
                pipeline_name=name,
                records=records,
                settings=self.settings,
                ids=self.ids,
                clock=self.clock,
                **more,
            )

    def run(
        self,
        document: str,
        parameters: Mapping[str, str] | None = None,
        *,
        executor: Executor | None = None,
        listener: EventListener | None = None,
        **more: Any,
    ) -> ExecutionRecord:
        started = self.start(document, parameters, **more)
        with self.records as records:
            return run_execution(
                started.execution_id,
                self.services(records),
                control=self.control,
                executor=executor,
                listener=listener,
            )

    def run_aside(self, document: str, executor: Executor | None = None) -> Callable[[], ExecutionRecord]:
        """Run in a thread; the answer waits for its end."""
        ended: list[ExecutionRecord] = []
        thread = threading.Thread(target=lambda: ended.append(self.run(document, executor=executor)))
        thread.start()

        def wait() -> ExecutionRecord:
            thread.join(30)
            assert not thread.is_alive(), "the execution hangs"
            return ended[0]

        return wait

    def resume(
        self, execution_id: str = "latest", *, listener: EventListener | None = None, **more: Any
    ) -> ExecutionRecord:
        self.control = Control()
        with self.records as records:
            return resume_execution(
                execution_id, self.services(records), control=self.control, listener=listener, **more
            )

    def history(self, step: str | None = None) -> list[str]:
        """Every status that the execution, or one of its steps, ever had, in order."""
        with self.records as records:
            events = records.events(records.latest().execution_id)
        return [event.detail["status"] for event in events if event.step == step and "status" in event.detail]

    def wait_until(self, step: str, status: str) -> None:
        """Look until the step has the status; for an execution that runs aside."""
        deadline = time.monotonic() + 10
        while status not in self.history(step):
            assert time.monotonic() < deadline, f"{step} was never {status}"
            time.sleep(0.01)

    def progress(self, step: str) -> list[str]:
        with self.records as records:
            events = records.events(records.latest().execution_id)
        wanted = [event for event in events if event.kind == EventKind.STEP_PROGRESSED and event.step == step]
        return [event.detail["progress"] for event in wanted]

    def asked(self) -> list[str]:
        """The steps whose jobs the engine was asked for, in order, one entry for each attempt."""
        return [request.step_name for request in self.engine.requests]

    def request(self, step: str) -> JobRequest:
        return next(request for request in self.engine.requests if request.step_name == step)

    def _run_job(self, request: JobRequest) -> JobResult:
        return self.engine.run(request, self.control.progress)

    def _list(self, prefix: S3Uri) -> Iterable[StoredObject]:
        for text, content in self.objects.items():
            uri = S3Uri.parse(text)
            if text.startswith(str(prefix)):
                yield StoredObject(uri.bucket, uri.key, len(content), etag_of(content))

    def _read(self, uri: S3Uri) -> bytes:
        if str(uri) not in self.objects:
            raise MissingObjectError(f"no object {uri}", slug="missing-object", where=str(uri))
        return self.objects[str(uri)]


def etag_of(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def statuses(record: ExecutionRecord) -> dict[str, str]:
    return {step.name: step.status.value for step in record.steps}


def written(result: JobResult, *outputs: Any) -> JobResult:
    return replace(result, outputs=tuple(outputs))
