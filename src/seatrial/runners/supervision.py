"""Watches over a running container: time limit, stop requests, SIGTERM, grace, SIGKILL."""

from __future__ import annotations

from dataclasses import dataclass

from docker.api import APIClient
from docker.errors import APIError

from seatrial.ports.runners import JobSpec
from seatrial.runners.ending import Exit, Inbox
from seatrial.runners.refusals import ENGINE_TROUBLE

_NOT_RUNNING = (404, 409)


@dataclass(frozen=True)
class Ending:
    """How a started container came to its end."""

    exit: Exit
    timed_out: bool = False
    stopped: bool = False


def supervise(api: APIClient, container: str, inbox: Inbox, spec: JobSpec) -> Ending:
    """Block until the container ended, of itself or because it had to."""
    news = inbox.hear(spec.timeout_seconds)
    if isinstance(news, Exit):
        return Ending(news)
    was_alive = _signal(api, container, "SIGTERM")
    end = inbox.end_within(spec.grace_seconds)
    if end is None:
        _signal(api, container, "SIGKILL")
        end = inbox.end_after_kill()
    return Ending(end, timed_out=was_alive and news is None, stopped=was_alive and news is not None)


def _signal(api: APIClient, container: str, signal: str) -> bool:
    """Send a signal; False if the container had ended already, so that it was not this that ended it."""
    try:
        api.kill(container, signal)
    except APIError as refusal:
        return refusal.status_code not in _NOT_RUNNING
    except ENGINE_TROUBLE:
        return True  # the wait breaks as well and says so
    return True
