"""The containers of a model in a row: each answers with what the next is asked; knows no objects."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from seatrial.engines.serving.container import Seat
from seatrial.engines.serving.dialogue import Answer, Asking, Dialogue, reach
from seatrial.ports.runners import Served


@dataclass(frozen=True)
class Guest:
    """One container that was started."""

    seat: Seat
    served: Served


class Row:
    """Threads share it. With one container it is that container's own dialogue."""

    def __init__(self, links: Sequence[tuple[str, Dialogue]]) -> None:
        self._links = tuple(links)

    def execution_parameters(self) -> Mapping[str, Any]:
        """What the first container would like: it is the one that the job sends to."""
        return self._links[0][1].execution_parameters()

    def invoke(
        self, body: bytes, asking: Asking, *, over: Callable[[], bool], chunked: bool = False
    ) -> Answer:
        """The last one's answer, or the first that is none.

        The type of an answer is that of the next request; only the last is told what is accepted, the
        others answer in their own default. Published containers are written for that.
        """
        answer = Answer(None, b"")
        for number, (name, dialogue) in enumerate(self._links):
            last = number == len(self._links) - 1
            headers = _headers(asking.headers, answer if number else None, last=last)
            answer = dialogue.invoke(body, replace(asking, headers=headers), over=over, chunked=chunked)
            if not answer.ok or last:
                return replace(answer, by=name if len(self._links) > 1 else "")
            body = answer.body
        return answer

    def close(self) -> None:
        """Nothing more is asked."""
        for _, dialogue in self._links:
            dialogue.close()


@dataclass(frozen=True)
class Silent:
    """The container that was not ready in time, or has ended."""

    guest: Guest


def reach_all(
    guests: Sequence[Guest], *, within: float, connections: int, stop: Callable[[], bool]
) -> Row | Silent:
    """All of them once each `/ping` says 200, all within the same time."""
    deadline = time.monotonic() + within
    links: list[tuple[str, Dialogue]] = []
    for guest in guests:
        left = max(0.0, deadline - time.monotonic())
        dialogue = reach(guest.served, within=left, connections=connections, stop=stop)
        if dialogue is None:
            Row(links).close()
            return Silent(guest)
        links.append((guest.seat.name, dialogue))
    return Row(links)


def _headers(asked: Mapping[str, str], before: Answer | None, *, last: bool) -> dict[str, str]:
    headers = {name: value for name, value in asked.items() if last or name != "Accept"}
    if before is not None:
        headers.pop("Content-Type", None)
        if before.content_type:
            headers["Content-Type"] = before.content_type
    return headers
