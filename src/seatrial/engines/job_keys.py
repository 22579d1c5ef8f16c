"""The credentials that one job's containers are given, and what is called with them; knows no containers."""

from __future__ import annotations

from datetime import timedelta

from seatrial.ports.observation import CallLog, S3Call
from seatrial.ports.storage import Credentials, ObjectStore


class JobKeys:
    """One job's: each container has credentials of its own, and nobody else has them.

    Without a call log nobody looks at what is called.
    """

    def __init__(self, store: ObjectStore, log: CallLog | None = None) -> None:
        self._store = store
        self._log = log
        self._given: list[str] = []

    def for_a_container(self, lasting: timedelta) -> Credentials:
        """New credentials, and from now on their calls are seen."""
        credentials = self._store.job_credentials(lasting)
        if self._log is not None:
            self._log.expect(credentials.access_key)
            self._given.append(credentials.access_key)
        return credentials

    def calls(self) -> tuple[S3Call, ...] | str | None:
        """All that was called until now, in order of time; why that is not known; None if nobody looked."""
        if self._log is None:
            return None
        answers = [self._log.calls_of(key) for key in self._given]
        unseen = next((answer for answer in answers if isinstance(answer, str)), None)
        if unseen is not None:
            return unseen
        seen = [call for answer in answers if not isinstance(answer, str) for call in answer]
        return tuple(sorted(seen, key=lambda call: call.first))

    def forget(self) -> None:
        """Nobody will ask again."""
        while self._log is not None and self._given:
            self._log.forget(self._given.pop())
