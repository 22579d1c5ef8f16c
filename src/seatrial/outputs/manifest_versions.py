"""Older manifests as the newest version has them; newer ones are refused. Knows no registry.

What changes the meaning of a key is a new version, and one line in `UPGRADES`. A key that is added is none:
it is left aside by who does not know it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from seatrial.errors import RefusedError

SCHEMA_VERSION = 1


def upgraded(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest in the newest version; one that does not say its version is older than the first."""
    version = _known(manifest["schema_version"]) if "schema_version" in manifest else 0
    found = dict(manifest)
    for older in range(version, SCHEMA_VERSION):
        found = UPGRADES[older](found)
    return {**found, "schema_version": SCHEMA_VERSION}


def _with_zones(manifest: dict[str, Any]) -> dict[str, Any]:
    """Before there were versions, times were written without a zone; they are read as UTC."""
    return {key: _in_zone(value) for key, value in manifest.items()}


def _in_zone(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {key: _member(key, member) for key, member in value.items()}


def _member(key: str, value: Any) -> Any:
    if key == "metadata":
        return value  # the author's own
    return _time(value) if key in _TIMES and isinstance(value, str) else _in_zone(value)


def _time(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text  # refused where the times are read, with its place
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).isoformat()


_TIMES = frozenset({"timestamp", "start_time", "end_time"})
UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {0: _with_zones}
"""By version, how its manifest becomes one of the next."""


def _known(version: object) -> int:
    if isinstance(version, int) and not isinstance(version, bool) and 1 <= version <= SCHEMA_VERSION:
        return version
    raise RefusedError(
        f"the manifest has schema version {version!r}; this seatrial reads up to {SCHEMA_VERSION}",
        slug="unknown-manifest-version",
        where="/schema_version",
        hint="read it with the version of seatrial that wrote it, or a newer one",
    )
