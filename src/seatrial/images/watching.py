"""Slow work, shown while it goes on: a line every few seconds, and the last lines when it fails."""

from __future__ import annotations

import re
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from seatrial.errors import ImageError

Say = Callable[[str], None]

SECONDS_BETWEEN_LINES = 4.0
LINES_KEPT = 20
LINE_WIDTH = 100
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Watch:
    """Passes on the newest line of a stream at most every few seconds, with the time so far."""

    def __init__(self, label: str, say: Say) -> None:
        self._label = label
        self._say = say
        self._started = time.monotonic()
        self._spoke = self._started
        self.last_lines: deque[str] = deque(maxlen=LINES_KEPT)

    def see(self, line: str) -> None:
        """Take one line of output."""
        line = COLOURS.sub("", line).strip()
        if not line:
            return
        self.last_lines.append(line)
        now = time.monotonic()
        if now - self._spoke >= SECONDS_BETWEEN_LINES:
            self._spoke = now
            self._say(f"{self._label}: {self.seconds:.0f} s, {line[:LINE_WIDTH]}")

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self._started

    @property
    def tail(self) -> str:
        """The last lines, for an error message."""
        return "\n".join(self.last_lines)


def run_watched(
    label: str, argv: Sequence[str], say: Say, *, hint: str, environment: Mapping[str, str] | None = None
) -> None:
    """Run a command to its end, showing progress; a failure is an `ImageError` with its last lines."""
    watch = Watch(label, say)
    try:
        status = _run(argv, watch, environment)
    except OSError as failure:
        raise ImageError(
            f"{argv[0]} cannot be started: {failure}", slug="command-not-started", hint=hint
        ) from failure
    if status:
        raise ImageError(
            f"{label} failed (exit code {status}); its last lines:\n{watch.tail}",
            slug="command-failed",
            hint=hint,
        )


def _run(argv: Sequence[str], watch: Watch, environment: Mapping[str, str] | None) -> int:
    """The exit status; whatever interrupts us ends the command too."""
    with subprocess.Popen(  # noqa: S603  (the command is ours, no shell)
        argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=environment
    ) as process:
        try:
            for line in process.stdout or ():
                watch.see(line)
            return process.wait()
        except BaseException:
            process.kill()
            raise
