"""Reads members out of a JSON object, reporting what is missing, unknown or of the wrong kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seatrial.definition import pointers
from seatrial.definition.model import Json
from seatrial.definition.paths import describe_kind
from seatrial.definition.report import PREFIX, Report, suggestion


@dataclass(frozen=True)
class Reader:
    """One object of the document. A null member counts as absent, as it does for the service."""

    raw: Mapping[str, Json]
    pointer: str
    report: Report
    step: str | None = None

    def error(self, code: str, message: str, key: str, hint: str, *, also: str | None = None) -> None:
        """Report something about the member `key`."""
        where = pointers.child(self.pointer, key) if key else self.pointer
        self.report.error(code, message, where, hint, step=self.step, also=also)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Report every key that is not known, as the service words it."""
        names = sorted(known)
        for key in self.raw:
            if key not in names:
                message = f"{PREFIX}Cannot parse object, unknown property '{key}'."
                self.error("ST003", message, key, f"remove it, or {suggestion(key, names)}")

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A string member, None if absent or wrong."""
        value = self._member(key, required=required)
        if value is None or isinstance(value, str):
            return value
        self._wrong_kind(key, value, "a string")
        return None

    def number(self, key: str) -> int | float | None:
        """A number, None if absent or wrong."""
        value = self._member(key)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        self._wrong_kind(key, value, "a number")
        return None

    def boolean(self, key: str, *, required: bool = False) -> bool | None:
        """A boolean, None if absent or wrong."""
        value = self._member(key, required=required)
        if value is None or isinstance(value, bool):
            return value
        self._wrong_kind(key, value, "true or false")
        return None

    def object(self, key: str, *, required: bool = False) -> Reader | None:
        """An object member as a reader, None if absent or wrong."""
        value = self._member(key, required=required)
        if value is None:
            return None
        return read_object(value, pointers.child(self.pointer, key), self.report, self.step)

    def items(self, key: str, *, required: bool = False) -> list[Reader]:
        """A list of objects as readers; items that are none are reported and left out."""
        value = self._list(key, required=required)
        place = pointers.child(self.pointer, key)
        readers = [
            read_object(item, pointers.child(place, index), self.report, self.step)
            for index, item in enumerate(value)
        ]
        return [reader for reader in readers if reader is not None]

    def members(self, key: str) -> Iterator[tuple[Json, str]]:
        """Each item of a list as it is written, with its place."""
        place = pointers.child(self.pointer, key)
        for index, item in enumerate(self._list(key, required=False)):
            yield item, pointers.child(place, index)

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of strings; items that are none are reported and left out."""
        value = self._list(key, required=required)
        for index, item in enumerate(value):
            if not isinstance(item, str):
                message = f"{key} holds {describe_kind(item)} where a string is expected"
                where = pointers.child(self.pointer, key, index)
                self.report.error("ST002", message, where, "write a string", step=self.step)
        return tuple(item for item in value if isinstance(item, str))

    def _list(self, key: str, *, required: bool) -> list[Json]:
        value = self._member(key, required=required)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        message = f"{PREFIX}Expecting start of Json Array. {key} is {describe_kind(value)}"
        self.error("ST002", message, key, f'write "{key}": […]')
        return []

    def _member(self, key: str, *, required: bool = False) -> Json:
        value = self.raw.get(key)
        if value is None and required:
            self.error("ST002", f"{key} is missing", "", f'add "{key}"')
        return value

    def _wrong_kind(self, key: str, value: Json, expected: str) -> None:
        self.error("ST002", f"{key} is {describe_kind(value)}, expected {expected}", key, f"write {expected}")


def read_object(value: Json, pointer: str, report: Report, step: str | None = None) -> Reader | None:
    """A reader of this object; anything else is reported."""
    if isinstance(value, Mapping):
        return Reader(value, pointer, report, step)
    message = f"{PREFIX}Expecting start of Json Object. This is {describe_kind(value)}"
    report.error("ST002", message, pointer, "write an object: {…}", step=step)
    return None
