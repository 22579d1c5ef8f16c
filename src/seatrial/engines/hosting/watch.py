"""Hears of containers that end while their endpoint is in service; tells log and desk, ends none."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress

from seatrial.engines.hosting.desk import FrontDesk
from seatrial.engines.job import FailedJobError
from seatrial.engines.serving.data_log import DataLog
from seatrial.engines.serving.row import Guest
from seatrial.errors import SeatrialError


def watch(guests: Iterable[Guest], desk: FrontDesk, log: DataLog) -> None:
    """One thread a container, for as long as it lives."""
    for guest in guests:
        threading.Thread(target=_see_out, args=(guest, desk, log), name="watch", daemon=True).start()


def _see_out(guest: Guest, desk: FrontDesk, log: DataLog) -> None:
    try:
        outcome = guest.served.outcome()
    except SeatrialError as lost:
        why = f"the container was lost: {lost.message}"
    else:
        if outcome.stopped:
            return  # its endpoint is no longer wanted
        ended = "" if outcome.exit_code is None else f", exit code {outcome.exit_code}"
        why = f"the container has ended{ended}"
    log.say(f"{guest.seat.title}: {why}")
    with suppress(FailedJobError):  # a desk that is gone has nobody to tell
        desk.report_fallen(guest.seat.spec.name, why)
