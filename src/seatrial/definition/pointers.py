"""JSON pointers (RFC 6901): how every finding says where; knows nothing of definitions."""

from __future__ import annotations


def child(pointer: str, *keys: str | int) -> str:
    """The pointer of the member beneath `pointer`."""
    for key in keys:
        pointer += f"/{key}" if isinstance(key, int) else f"/{escape(key)}"
    return pointer


def escape(key: str) -> str:
    """One reference token, `~` and `/` escaped."""
    if "~" in key or "/" in key:
        return key.replace("~", "~0").replace("/", "~1")
    return key


def tokens(pointer: str) -> tuple[str, ...]:
    """The keys that a pointer passes through."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
