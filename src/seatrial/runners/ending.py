"""Learns how a container ended through one wait that must not break; trusts no record made afterwards.

After the daemon was killed in mid-job its record says `exited (0)`. So the wait is opened before the
start, and an exit status counts only if it came down that very connection.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import requests
from docker.api import APIClient
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from seatrial.runners.streaming import stream

# How long a process may survive SIGKILL (uninterruptible I/O) before its end is given up.
_KILL_SECONDS = 60.0


@dataclass(frozen=True)
class Exit:
    """The wait's answer: an exit code, or why there is none."""

    code: int | None
    lost: str | None = None


class StopRequest:
    """News that somebody wants the container stopped."""


News = Exit | StopRequest


class Inbox:
    """What the thread that runs a container hears: stop requests and, at last, the end."""

    def __init__(self) -> None:
        self._news: SimpleQueue[News] = SimpleQueue()
        self._stopping = threading.Event()

    def request_stop(self) -> None:
        """Wake the runner and let it stop the container."""
        self._stopping.set()
        self._news.put(StopRequest())

    def ended(self, how: Exit) -> None:
        """Deliver the end."""
        self._news.put(how)

    @property
    def stop_requested(self) -> bool:
        """Whether a stop was asked for, at any time."""
        return self._stopping.is_set()

    def hear(self, seconds: float | None) -> News | None:
        """The next news, or None after `seconds` of silence."""
        try:
            return self._news.get(timeout=seconds)
        except Empty:
            return None

    def end_within(self, seconds: float) -> Exit | None:
        """The end, further stop requests ignored, or None if it does not come in time."""
        deadline = time.monotonic() + seconds
        while True:
            news = self.hear(max(0.0, deadline - time.monotonic()))
            if not isinstance(news, StopRequest):
                return news

    def end_after_kill(self) -> Exit:
        """The end that follows SIGKILL."""
        return self.end_within(_KILL_SECONDS) or Exit(
            None, f"the container did not end within {_KILL_SECONDS:.0f} s of SIGKILL"
        )


def watch(api: APIClient, container: str, inbox: Inbox) -> threading.Thread:
    """Start to wait for the next end of a container that was not started yet.

    Docker sends the response's head as soon as the wait stands, so no end can slip by.
    """
    response = stream(api, "POST", container, "wait", condition="next-exit")

    def listen() -> None:
        inbox.ended(_read_exit(response))

    thread = threading.Thread(target=listen, name=f"wait {container[:12]}", daemon=True)
    thread.start()
    return thread


def _read_exit(response: requests.Response) -> Exit:
    try:
        with response:
            answer = json.loads(response.content)
    except (RequestException, HTTPError, OSError, ValueError, AttributeError) as broken:
        return Exit(None, f"the connection to Docker Engine broke while the container ran ({broken})")
    trouble = answer.get("Error")
    if trouble:
        return Exit(None, f"Docker Engine could not wait for the container: {trouble.get('Message')}")
    return Exit(int(answer["StatusCode"]))
