"""The program that is given a message: the user's command, or our own child that calls his function."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from seatrial.settings import CallbackSettings

# Not `-m`: that would put the current folder before our own libraries.
_CHILD = """
import sys
sys.path[:] = filter(None, sys.path)
from seatrial.engines.callbacks.hook import main
main(sys.argv[1])
"""
PATIENCE_SECONDS = 5.0
"""How long a program has to end after SIGTERM."""

LONGEST_ANSWER = 1024 * 1024
"""Bytes; fifty outputs of 1024 characters are far fewer."""

_REASON_WITHIN = 64 * 1024


class Program:
    """Started with the message on its standard input; what it says on standard error goes to the log.

    Both its ends are files without a name: nothing is left of them, however this process ends.
    """

    def __init__(self, rule: CallbackSettings, message: Mapping[str, Any], log: Path) -> None:
        self._log = log
        self._said_from = log.stat().st_size
        self._failure: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._answer = TemporaryFile()  # noqa: SIM115  # `end` closes it
        with TemporaryFile() as source, log.open("ab") as errors:
            source.write(json.dumps(message).encode())
            source.seek(0)
            try:
                self._process = subprocess.Popen(  # noqa: S603  # the user's own command, from his settings
                    _words(rule),
                    stdin=source,
                    stdout=self._answer,
                    stderr=errors,
                    start_new_session=True,  # a Ctrl-C is ours to hear: the answer is waited for
                )
            except (OSError, ValueError) as absent:  # not there, or no name for a file
                self._failure = f"the command cannot be started: {absent}"

    @property
    def ended(self) -> bool:
        """Whether it has, or never began."""
        return self._process is None or self._process.poll() is not None

    def failure(self, ours: Collection[str]) -> str | None:
        """Why it failed, by the last line in the log that is not one of `ours`; None if it did not."""
        if self._process is None or self._process.returncode == 0:
            return self._failure
        lines = [line for line in self._said().strip().splitlines() if line not in ours]
        return lines[-1] if lines else f"the command ended with exit code {self._process.returncode}"

    @property
    def printed(self) -> bytes:
        """Its standard output, and no more of it than shows that it is too long."""
        self._answer.seek(0)
        return self._answer.read(LONGEST_ANSWER + 1)

    def end(self) -> None:
        """Stop it, with all that it started, if it still runs; its answer can no longer be read."""
        self._answer.close()
        if self._process is None or self._process.poll() is not None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE_SECONDS)
                return

    def _said(self) -> str:
        with self._log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self._said_from, end - _REASON_WITHIN))
            return log.read().decode("utf-8", errors="replace")


def _words(rule: CallbackSettings) -> list[str]:
    return [sys.executable, "-c", _CHILD, rule.hook] if rule.hook else rule.words
