"""Shows a running execution: a table that redraws itself on a terminal, one line a change elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table

from seatrial.ports.executions import Event, EventKind, StepStatus
from seatrial.reports.console import table
from seatrial.reports.progress import StepLine, advanced
from seatrial.reports.text import shown, size_text, time_text

STYLES = {
    StepStatus.STARTING: "cyan",
    StepStatus.EXECUTING: "cyan",
    StepStatus.STOPPING: "yellow",
    StepStatus.STOPPED: "yellow",
    StepStatus.FAILED: "bold red",
    StepStatus.SUCCEEDED: "green",
}
_NUMBERS = frozenset({"TRY", "TIME", "IN", "OUT"})
_REDRAWN_PER_SECOND = 4


class LiveView:
    """Hears the events of one execution and shows its steps.

    `steps` are (name, type) in the order to be shown; a step that is not among them is added when it
    starts. Events may come from any thread.
    """

    def __init__(
        self, console: Console, steps: Iterable[tuple[str, str]], now: Callable[[], datetime]
    ) -> None:
        self._lines = {name: StepLine(name, kind) for name, kind in steps}
        self._console = console
        self._now = now
        self._lock = threading.Lock()
        self._live: Live | None = None

    def __enter__(self) -> LiveView:
        if self._console.is_terminal:
            self._live = Live(
                console=self._console,
                get_renderable=self.render,
                refresh_per_second=_REDRAWN_PER_SECOND,
                redirect_stdout=False,
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def __call__(self, event: Event) -> None:
        """Bring the step's line up to date."""
        if event.step is None:
            return
        with self._lock:
            before = self._lines.get(event.step) or StepLine(event.step, event.detail.get("type", ""))
            after = advanced(before, event)
            self._lines[event.step] = after
        if self._live is None and event.kind == EventKind.STEP_CHANGED.value and after != before:
            self._console.print(shown(line_text(after, self._now())), soft_wrap=True)

    def render(self) -> Table:
        """The table as of now."""
        with self._lock:
            lines = list(self._lines.values())
        return steps_table(lines, self._now())


def steps_table(lines: Iterable[StepLine], now: datetime, unbegun: str = "waiting") -> Table:
    """One row a step: state, time, data in and out, attempts, what it is doing or why it failed.

    `unbegun` is the state of one that has not begun.
    """
    made = table("STEP", "TYPE", "STATE", "TRY", "TIME", "IN", "OUT", "", right=_NUMBERS)
    for line in lines:
        made.add_row(
            shown(line.name),
            shown(line.type, "dim"),
            shown(line.status.value, STYLES[line.status]) if line.status else shown(unbegun, "dim"),
            shown(line.attempts or ""),
            shown(time_text(line.seconds(now))),
            shown(_moved(line.bytes_in)),
            shown(_moved(line.bytes_out)),
            shown(": ".join(_news(line))),
        )
    return made


def line_text(line: StepLine, now: datetime) -> str:
    """The same in one line of plain text."""
    state = line.status.value if line.status else "waiting"
    parts = [f"{line.name}: {state}"]
    if line.attempts > 1:
        parts.append(f"attempt {line.attempts}")
    if line.ended_at is not None and line.started_at is not None:
        parts.append(time_text(line.seconds(now)))
    if line.bytes_in is not None or line.bytes_out is not None:
        parts.append(f"{_moved(line.bytes_in) or '0 B'} in, {_moved(line.bytes_out) or '0 B'} out")
    goes_on = line.ended_at is not None and line.progress  # as an endpoint does
    if line.failure_reason or line.reused or goes_on:
        parts += _news(line)
    elif line.substitute and line.status is StepStatus.STARTING:
        parts.append(_substituted(line))  # once, when it begins
    elif line.cache_miss and line.status is StepStatus.EXECUTING and not line.progress:
        parts.append(line.cache_miss)  # once, when it begins
    return ", ".join(parts)


def _news(line: StepLine) -> list[str]:
    """What it is doing, and why it failed: a step that waits for its next attempt has both."""
    return [
        _first_line(text)
        for text in (line.progress, line.failure_reason, line.reused, line.cache_miss, _substituted(line))
        if text
    ]


def _substituted(line: StepLine) -> str:
    return f"substituted: {line.substitute}" if line.substitute else ""


def _moved(count: int | None) -> str:
    return "" if count is None else size_text(count)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
