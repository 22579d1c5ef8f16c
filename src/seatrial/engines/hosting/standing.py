"""What of an execution stays up until it ends: its endpoints, and the desk where they are asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from seatrial.engines.hosting.desk import FrontDesk
from seatrial.engines.job import FailedJobError

RUNTIME_URL = "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"
"""Where boto3 (botocore 1.31 and later) looks for `sagemaker-runtime`."""


@dataclass
class _Place:
    """One execution's."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    desk: FrontDesk | None = None
    at_end: ExitStack = field(default_factory=ExitStack)
    endpoints: dict[str, ExitStack] = field(default_factory=dict)
    over: bool = False


class Standing:
    """Shared by the engine that hosts endpoints and by those whose jobs ask them; one a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: dict[str, _Place] = {}

    def bring_in(
        self,
        execution_id: str,
        endpoint: str,
        stack: ExitStack,
        *,
        open_desk: Callable[[ExitStack], FrontDesk],
        announce: Callable[[FrontDesk], str],
    ) -> str:
        """Announce an endpoint at the execution's desk, and take over what `stack` holds: its address.

        The desk is opened when it is first wanted. What served the name before goes. All of it under one
        lock: of two of a name at the same time, the one that is asked is the one that stands.
        """
        place = self._place(execution_id)
        with place.lock:
            if place.over:  # whoever interrupted did not wait for it
                raise FailedJobError("InternalServerError: the execution had ended before")
            desk = place.desk or _opened(place, open_desk)
            where = announce(desk)
            before = place.endpoints.pop(endpoint, None)
            place.endpoints[endpoint] = stack.pop_all()
        if before is not None:
            before.close()
        return where

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
        desk = place.desk if place is not None else None
        return {RUNTIME_URL: desk.url_for_jobs} if desk is not None else {}

    def release(self, execution_id: str) -> None:
        """The execution has ended: so has all that stood for it."""
        place = self._place(execution_id)
        with place.lock:
            place.over = True
            place.desk = None
            at_end = place.at_end.pop_all()
            for stack in place.endpoints.values():
                at_end.callback(stack.close)
            place.endpoints.clear()
        at_end.close()

    def _place(self, execution_id: str) -> _Place:
        with self._lock:
            return self._places.setdefault(execution_id, _Place())


def _opened(place: _Place, open_desk: Callable[[ExitStack], FrontDesk]) -> FrontDesk:
    """Nothing stays of one that does not open."""
    with ExitStack() as stack:
        place.desk = open_desk(stack)
        place.at_end.push(stack.pop_all())
    return place.desk
