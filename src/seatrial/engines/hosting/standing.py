"""What of an execution stays up until it ends: its endpoints, and the desk where they are asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from seatrial.engines.hosting.desk import FrontDesk

RUNTIME_URL = "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"
"""Where boto3 (botocore 1.31 and later) looks for `sagemaker-runtime`."""


@dataclass
class _Place:
    """One execution's."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    desk: FrontDesk | None = None
    at_end: ExitStack = field(default_factory=ExitStack)
    endpoints: dict[str, ExitStack] = field(default_factory=dict)


class Standing:
    """Shared by the engine that hosts endpoints and by those whose jobs ask them; one a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: dict[str, _Place] = {}
        self._over: set[str] = set()

    def desk(self, execution_id: str, open_desk: Callable[[ExitStack], FrontDesk]) -> FrontDesk:
        """The execution's desk, opened when it is first wanted."""
        place = self._place(execution_id)
        with place.lock:
            if place.desk is None:
                place.desk = open_desk(place.at_end)
            return place.desk

    def keep(self, execution_id: str, endpoint: str, stack: ExitStack) -> None:
        """Keep what serves the endpoint; what served it before goes."""
        if execution_id in self._over:
            stack.close()  # whoever interrupted did not wait for it
            self.release(execution_id)
            return
        place = self._place(execution_id)
        with place.lock:
            before = place.endpoints.pop(endpoint, None)
            place.endpoints[endpoint] = stack
        if before is not None:
            before.close()

    def dismiss(self, execution_id: str, endpoint: str) -> None:
        """One endpoint is no longer wanted; a name that does not stand here is no error."""
        place = self._place(execution_id)
        with place.lock:
            stack = place.endpoints.pop(endpoint, None)
        if stack is not None:
            stack.close()

    def environment(self, execution_id: str) -> Mapping[str, str]:
        """What a job of the execution is told so that it reaches the endpoints that there are by now."""
        with self._lock:
            place = self._places.get(execution_id)
        return {RUNTIME_URL: place.desk.url_for_jobs} if place is not None and place.desk is not None else {}

    def release(self, execution_id: str) -> None:
        """The execution has ended: so has all that stood for it."""
        with self._lock:
            place = self._places.pop(execution_id, None)
            self._over.add(execution_id)
        if place is None:
            return
        with place.lock, place.at_end:
            for stack in place.endpoints.values():
                place.at_end.push(stack.__exit__)

    def _place(self, execution_id: str) -> _Place:
        with self._lock:
            return self._places.setdefault(execution_id, _Place())
