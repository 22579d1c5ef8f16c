"""Tells an execution to whoever keeps lineage in the words of OpenLineage: a server, or a file.

Nobody's run depends on that: what cannot be told is said, with the command that tells it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from seatrial import __version__
from seatrial.app.lineage import lineage_as_seen
from seatrial.app.parts import Parts
from seatrial.dataflow import Flow
from seatrial.errors import EnvironmentUnfitError, SeatrialError
from seatrial.reports.openlineage import RunEvent, events_of
from seatrial.reports.text import clean
from seatrial.settings import Settings

_ENDPOINT = "/api/v1/lineage"
_MOST_SHOWN = 200


class NotToldError(EnvironmentUnfitError):
    """A receiver of events that did not take them."""


def events_told(parts: Parts, flow: Flow) -> tuple[RunEvent, ...]:
    """The events of an execution, as far as it has come."""
    namespace = parts.settings.openlineage.namespace
    return events_of(flow.record, lineage_as_seen(parts, flow), namespace, flow.profiles)


def tell(parts: Parts, flow: Flow, target: str) -> int:
    """Send the events to a URL, or add them to a file; how many there were."""
    events = events_told(parts, flow)
    if target.startswith(("http://", "https://")):
        _send(events, target, parts.settings)
    else:
        _append(events, Path(target))
    return len(events)


def tell_all(parts: Parts, flow: Flow) -> None:
    """Tell the receivers of the settings; one that cannot be told does not change how the run ended."""
    wanted = parts.settings.openlineage
    for target in (wanted.url, str(wanted.file) if wanted.file else None):
        if target is not None:
            try:
                tell(parts, flow, target)
            except SeatrialError as problem:
                parts.say(
                    f"OpenLineage: {problem.message}\n"
                    f"  tell it again: seatrial lineage {flow.record.execution_id} --openlineage {target}"
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


def _send(events: Iterable[RunEvent], url: str, settings: Settings) -> None:
    wanted = settings.openlineage
    parsed = urlsplit(url)
    address = url if parsed.path.strip("/") else parsed._replace(path=_ENDPOINT).geturl()
    headers = {"Content-Type": "application/json", "User-Agent": f"seatrial/{__version__}"}
    if wanted.api_key is not None:
        headers["Authorization"] = f"Bearer {wanted.api_key.get_secret_value()}"
    pool = PoolManager(timeout=Timeout(wanted.timeout_seconds), retries=False)
    for event in events:
        try:
            answer = pool.request("POST", address, body=event.as_text().encode(), headers=headers)
        except (HTTPError, ValueError) as problem:
            raise _not_told(address, f"{type(problem).__name__}: {problem}") from problem
        if not 200 <= answer.status < 300:
            said = answer.data.decode("utf-8", "replace")[:_MOST_SHOWN].strip()
            raise _not_told(address, f"it answered {answer.status}{f': {said}' if said else ''}")


def _not_told(address: str, why: str) -> NotToldError:
    return NotToldError(
        f"the events were not taken by {address}: {clean(why)}",
        slug="events-not-sent",
        where=address,
        hint="see that the server runs and that the URL and the key are right ([openlineage])",
    )
