"""Tells an execution to whoever keeps lineage in the words of OpenLineage: a server, or a file.

Nobody's run depends on that: what cannot be told is said, with the command that tells it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from seatrial import __version__
from seatrial.app.lineage import lineage_as_seen
from seatrial.app.parts import Parts
from seatrial.dataflow import Flow
from seatrial.errors import EnvironmentUnfitError, RefusedError, SeatrialError
from seatrial.reports.openlineage import RunEvent, events_of
from seatrial.reports.text import clean
from seatrial.settings import Settings

_ENDPOINT = "/api/v1/lineage"
_MOST_SHOWN = 200
# A server without its scheme, or a scheme that is not spoken; one letter and a colon begin a Windows path.
_LIKE_A_URL = re.compile(r"[A-Za-z][\w+.-]+:/|[\w.-]+:\d+(/|$)")

LONGEST_AT_THE_END = 30.0
"""So many seconds a receiver may hold the end of a run up, however many events there are."""


class NotToldError(EnvironmentUnfitError):
    """A receiver of events that did not take them."""


def events_told(parts: Parts, flow: Flow) -> tuple[RunEvent, ...]:
    """The events of an execution, as far as it has come."""
    namespace = parts.settings.openlineage.namespace
    return events_of(flow.record, lineage_as_seen(parts, flow), namespace, flow.profiles)


def tell(parts: Parts, flow: Flow, target: str, seconds: float | None = None) -> int:
    """Send the events to a URL within so many seconds, or add them to a file; how many there were."""
    by_http = target.lower().startswith(("http://", "https://"))
    if not (_is_url(target) if by_http else _LIKE_A_URL.match(target) is None):
        raise RefusedError(
            f"{without_secrets(target)!r} is neither a URL nor a file's name",
            slug="bad-receiver",
            hint="a server is told as http://HOST:PORT, a file by its path: ./NAME",
        )
    events = events_told(parts, flow)
    if by_http:
        _send(events, target, parts.settings, seconds)
    else:
        _append(events, Path(target))
    return len(events)


def tell_all(parts: Parts, flow: Flow) -> None:
    """Tell the receivers of the settings; one that cannot be told does not change how the run ended."""
    wanted = parts.settings.openlineage
    for target in (wanted.url, str(wanted.file) if wanted.file else None):
        if target is not None:
            try:
                tell(parts, flow, target, LONGEST_AT_THE_END)
            except SeatrialError as problem:
                parts.say(
                    f"OpenLineage: {problem.message}\n"
                    f"  tell it again: seatrial lineage {flow.record.execution_id}"
                    f" --openlineage {without_secrets(target)}"
                )


def _append(events: Iterable[RunEvent], file: Path) -> None:
    text = "".join(f"{event.as_text()}\n" for event in events)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as problem:
        raise NotToldError(
            f"cannot write the events: {problem.strerror}",
            slug="events-not-written",
            where=str(file),
            hint="name a file in a folder where you may write",
        ) from problem


def _send(events: Sequence[RunEvent], url: str, settings: Settings, seconds: float | None = None) -> None:
    wanted = settings.openlineage
    parsed = urlsplit(url)
    address = url if parsed.path.strip("/") else parsed._replace(path=_ENDPOINT).geturl()
    key = wanted.api_key.get_secret_value() if wanted.api_key else ""
    headers = {"Content-Type": "application/json", "User-Agent": f"seatrial/{__version__}"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    pool = PoolManager(timeout=Timeout(wanted.timeout_seconds), retries=False)
    began = monotonic()
    for number, event in enumerate(events):
        if seconds is not None and monotonic() - began > seconds:
            why = f"it is too slow, {number} of {len(events)} in {seconds:.0f} s"
            raise _not_told(address, why)
        try:
            answer = pool.request("POST", address, body=event.as_text().encode(), headers=headers)
        except (HTTPError, ValueError) as problem:
            raise _not_told(address, _why(problem, address)) from problem
        if not 200 <= answer.status < 300:
            words = answer.data.decode("utf-8", "replace")
            said = (words.replace(key, "…") if key else words)[:_MOST_SHOWN].strip()
            raise _not_told(address, f"it answered {answer.status}{f': {said}' if said else ''}")


def _why(problem: Exception, address: str) -> str:
    """The kind of the error, and its words without what may be secret in an address."""
    return f"{type(problem).__name__}: {str(problem).replace(address, without_secrets(address))}"


def _not_told(address: str, why: str) -> NotToldError:
    return NotToldError(
        f"the events were not taken by {without_secrets(address)}: {clean(why)}",
        slug="events-not-sent",
        where=without_secrets(address),
        hint="see that the server runs and that the URL and the key are right ([openlineage])",
    )


def _is_url(target: str) -> bool:
    try:
        parsed = urlsplit(target)
        return bool(parsed.hostname) and (parsed.port is None or parsed.port > 0)
    except ValueError:
        return False


def without_secrets(target: str) -> str:
    """The target without what may be secret in a URL: user, password and query."""
    scheme, found, rest = target.partition("://")
    if not found:
        return target
    place, asked, _ = rest.partition("?")
    host, slash, path = place.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}{'?…' if asked else ''}"
