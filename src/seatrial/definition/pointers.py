"""JSON pointers (RFC 6901): how every finding says where; knows nothing of definitions."""

from __future__ import annotations


def child(pointer: str, *keys: str | int) -> str:
    """The pointer of the member beneath `pointer`."""
    return pointer + "".join(f"/{escape(str(key))}" for key in keys)


def escape(key: str) -> str:
    """One reference token, `~` and `/` escaped."""
    return key.replace("~", "~0").replace("/", "~1")


def tokens(pointer: str) -> tuple[str, ...]:
    """The keys that a pointer passes through."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
