"""The service's own lines in a transform job's log, beside the container's; knows no containers.

Written in the form of published logs, each line whole, so that they may stand between the container's.
"""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

_SHOWN = 2000


class DataLog:
    """Appends to the file that the container's output goes to as well."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def say(self, text: str) -> None:
        """One line of the job."""
        self._write([text])

    def trouble(self, place: str, what: str, message: bytes = b"") -> None:
        """What went wrong with an object (`bucket/key`), and what the container said of it."""
        said = message[:_SHOWN].decode("utf-8", "replace").splitlines()
        self._write([f"{place}: {line}" for line in (what, *(("", "Message:", *said) if said else ()))])

    def _write(self, lines: list[str]) -> None:
        now = datetime.now(timezone.utc).replace(tzinfo=None).isoformat(timespec="milliseconds")
        with self._path.open("ab") as log:
            log.write("".join(f"{now}:[sagemaker logs]: {line}\n" for line in lines).encode())
