"""Which news of a running job are worth an event: every new status, and bytes moved once a second."""

from __future__ import annotations

from datetime import datetime, timedelta

from seatrial.ports.jobs import JobProgress

_INTERVAL = timedelta(seconds=1)
_KILO = 1000.0


class ProgressFilter:
    """Keeps a fast job from flooding the records."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[datetime, str]] = {}

    def worth_keeping(self, progress: JobProgress, now: datetime) -> bool:
        """Whether this is new enough."""
        kept = self._kept.get(progress.job_name)
        if kept is not None and kept[1] == progress.status and now - kept[0] < _INTERVAL:
            return False
        self._kept[progress.job_name] = (now, progress.status)
        return True


def in_words(progress: JobProgress) -> str:
    """The news as one short line."""
    moved = [
        f"{_size(count)} {way}"
        for count, way in ((progress.bytes_in, "in"), (progress.bytes_out, "out"))
        if count
    ]
    return f"{progress.status} ({', '.join(moved)})" if moved else progress.status


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < _KILO:
            return f"{size:.0f} {unit}"
        size /= _KILO
    return f"{size:.1f} GB"
