"""The call log of a store that nobody looks at; knows only why."""

from __future__ import annotations

from dataclasses import dataclass

from seatrial.ports.observation import SeenCalls


@dataclass(frozen=True)
class Unwatched:
    """Implements `ports.observation.CallLog`: answers always with the same reason."""

    why: str

    def expect(self, access_key: str) -> None:
        """Its calls will not be seen."""

    def forget(self, access_key: str) -> None:
        """Nothing was kept."""

    def calls_of(self, access_key: str) -> SeenCalls:
        """Why there are none to see."""
        return SeenCalls(None, self.why)
