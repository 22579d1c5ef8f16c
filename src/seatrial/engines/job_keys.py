"""The credentials that one job's containers are given, and what is called with them; knows no containers."""

from __future__ import annotations

from datetime import timedelta

from seatrial.ports.observation import CallLog, SeenCalls
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

    def calls(self) -> SeenCalls:
        """All that was called until now; of several containers one that was not seen hides the others.

        A job that was given no keys called nothing; if nobody looked, that is neither known nor missed.
        """
        if self._log is None:
            return SeenCalls()
        answers = [self._log.calls_of(key) for key in self._given]
        unseen = next((answer.unseen for answer in answers if answer.unseen is not None), None)
        if any(answer.calls is None for answer in answers):
            return SeenCalls(None, unseen)
        seen = [call for answer in answers for call in answer.calls or ()]
        return SeenCalls(tuple(sorted(seen, key=lambda call: call.first)), unseen)

    def forget(self) -> None:
        """Nobody will ask again."""
        while self._log is not None and self._given:
            self._log.forget(self._given.pop())
