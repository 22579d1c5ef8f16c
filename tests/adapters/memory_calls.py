"""A call log that has what a test tells it."""

from __future__ import annotations

from seatrial.ports.observation import S3Call, SeenCalls


class MemoryCalls:
    """Implements `ports.observation.CallLog`; `expected` and `forgotten` are the keys in their order."""

    def __init__(self, *seen: SeenCalls) -> None:
        self._seen = list(seen)
        self.expected: list[str] = []
        self.forgotten: list[str] = []

    def expect(self, access_key: str) -> None:
        """Remember that it was asked for."""
        self.expected.append(access_key)

    def forget(self, access_key: str) -> None:
        """Remember that nobody wants it any more."""
        self.forgotten.append(access_key)

    def calls_of(self, access_key: str) -> SeenCalls:
        """What the test has for the next who asks; nothing was called, if it has nothing."""
        return self._seen.pop(0) if self._seen else SeenCalls(())


def seen(*calls: S3Call) -> SeenCalls:
    """These were called."""
    return SeenCalls(calls)
