"""The program that is given a message: the user's command, or our own child that calls his function."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from seatrial.settings import CallbackSettings

# Not `-m`: that would put the current folder before our own libraries.
_CHILD = """
import sys
sys.path[:] = filter(None, sys.path)
from seatrial.engines.callbacks.hook import main
main(sys.argv[1])
"""
_PATIENCE_SECONDS = 5.0


class Program:
    """Started with the message on its standard input; what it says on standard error goes to the log."""

    def __init__(self, rule: CallbackSettings, message: Mapping[str, Any], folder: Path, log: Path) -> None:
        self._answer = folder / "answer.json"
        self._log = log
        self._said_from = log.stat().st_size
        self._failure: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        given = folder / "message.json"
        given.write_text(json.dumps(message), encoding="utf-8")
        with given.open("rb") as source, self._answer.open("wb") as out, log.open("ab") as errors:
            try:
                self._process = subprocess.Popen(  # noqa: S603  # the user's own command, from his settings
                    _words(rule),
                    stdin=source,
                    stdout=out,
                    stderr=errors,
                    start_new_session=True,  # a Ctrl-C is ours to hear: the answer is waited for
                )
            except OSError as absent:
                self._failure = f"the command cannot be started: {absent}"

    @property
    def ended(self) -> bool:
        """Whether it has, or never began."""
        return self._process is None or self._process.poll() is not None

    @property
    def failure(self) -> str | None:
        """Why it failed, by the last line that it said; None if it did not."""
        if self._process is None or self._process.returncode == 0:
            return self._failure
        lines = self._said().strip().splitlines()
        return lines[-1] if lines else f"the command ended with exit code {self._process.returncode}"

    @property
    def printed(self) -> str:
        """All of its standard output."""
        return self._answer.read_text(encoding="utf-8", errors="replace")

    def end(self) -> None:
        """Stop it, with all that it started, if it still runs."""
        if self._process is None or self._process.poll() is not None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE_SECONDS)
                return

    def _said(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._said_from)
            return log.read().decode("utf-8", errors="replace")


def _words(rule: CallbackSettings) -> list[str]:
    if rule.hook:
        return [sys.executable, "-c", _CHILD, rule.hook]
    return shlex.split(rule.command) if isinstance(rule.command, str) else list(rule.command or ())
