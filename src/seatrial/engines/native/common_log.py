"""One log of what several containers print, each line with its host's name; a thread follows them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from seatrial.errors import EnvironmentUnfitError

_PAUSE_SECONDS = 0.2
# A line that is longer is written as it comes; holding it back would only cost memory.
_LONGEST_HELD = 1 << 20


@contextmanager
def following(logs: Mapping[str, Path], common: Path) -> Iterator[None]:
    """Write to `common` what comes to each host's log, for as long as this lasts; then all of it is there."""
    over, troubles = threading.Event(), list[OSError]()
    for log in logs.values():
        log.touch()
    with ExitStack() as files:
        with _translated(common):
            target = files.enter_context(common.open("ab"))
        sources = [_Source(host, files.enter_context(log.open("rb"))) for host, log in logs.items()]

        def follow() -> None:
            try:
                while not over.wait(_PAUSE_SECONDS):
                    _carry(sources, target)
            except OSError as trouble:
                troubles.append(trouble)

        thread = threading.Thread(target=follow, name="common log", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            with _translated(common), _closing(target):
                for trouble in troubles:  # lines may be missing, though there be room again
                    raise trouble
                _carry(sources, target)
                _carry(sources, target, last=True)


@contextmanager
def _closing(target: BinaryIO) -> Iterator[None]:
    try:
        yield
    finally:
        with suppress(OSError):  # what could not be written was told of, and is tried again here
            target.close()


@contextmanager
def _translated(common: Path) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        raise EnvironmentUnfitError(
            f"the log of several hosts could not be written: {trouble}",
            slug="log-not-written",
            where=str(common),
            hint="make room on the disk or correct the folder's permissions, then seatrial resume",
        ) from trouble


class _Source:
    """One host's log: what of it is new, line by line."""

    def __init__(self, host: str, log: BinaryIO) -> None:
        self._prefix = f"{host} | ".encode()
        self._log = log
        self._held = b""

    def lines(self, *, last: bool) -> bytes:
        """Every whole line that came; with `last`, also one that never got its end."""
        data = self._held + self._log.read()
        cut = len(data) if last or len(data) > _LONGEST_HELD else data.rfind(b"\n") + 1
        self._held = data[cut:]
        whole = data[:cut]
        if not whole:
            return b""
        ended = whole if whole.endswith(b"\n") else whole + b"\n"
        return b"".join(self._prefix + line for line in ended.splitlines(keepends=True))


def _carry(sources: list[_Source], target: BinaryIO, *, last: bool = False) -> None:
    for source in sources:
        target.write(source.lines(last=last))
    target.flush()
