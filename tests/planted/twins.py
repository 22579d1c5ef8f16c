"""Runs the two pipelines of a case at once, each under its own prefix and with records of its own.

A sound one that several cases have in common runs once.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from seatrial.ports.findings import Finding, Severity
from tests.planted.case import Planted
from tests.planted.sea import Sea

Found = tuple[Finding, ...]


class Twins:
    """What was found of the sound ones is kept, a failure as well: none gets a second chance."""

    def __init__(self) -> None:
        self._sound: dict[str, Future[Found]] = {}

    def faulty(self, case: Planted, sea: Sea) -> Found:
        """What is found of the one with the fault; the other runs beside it if nobody ran it yet."""
        self._prepare(case, sea, "faulty")
        with ThreadPoolExecutor(max_workers=2) as both:
            if _twin(case) not in self._sound:
                self._prepare(case, sea, "sound")
                self._sound[_twin(case)] = both.submit(_judged, case, sea, "sound")
            return both.submit(_judged, case, sea, "faulty").result()

    def sound(self, case: Planted, sea: Sea) -> Found:
        """What is found of the one without."""
        if _twin(case) not in self._sound:
            self._prepare(case, sea, "sound")
            with ThreadPoolExecutor(max_workers=1) as alone:
                self._sound[_twin(case)] = alone.submit(_judged, case, sea, "sound")
        return self._sound[_twin(case)].result()

    def _prepare(self, case: Planted, sea: Sea, kind: str) -> None:
        """Before either runs: neither may see the other's objects change."""
        for path, text in case.files.items():
            (sea.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (sea.folder / path).write_text(text)
        sea.put(sea.parts(), case.objects, _prefix(case, kind))


def _judged(case: Planted, sea: Sea, kind: str) -> Found:
    """What a run finds of the data flow; notes of settings without effect aside."""
    own = replace(sea, settings=sea.settings.model_copy(update={"state_dir": sea.settings.state_dir / kind}))
    definition = case.faulty() if kind == "faulty" else case.sound()
    prefix = _prefix(case, kind)
    if case.judge is not None:
        found = case.judge(own, definition, prefix)
    else:
        found = own.run(own.parts(**case.settings), definition, prefix).findings
    return tuple(each for each in found if each.code.startswith("ST1") or each.severity is Severity.ERROR)


def _prefix(case: Planted, kind: str) -> str:
    return f"s3://planted/{case.id.lower()}/{kind}"


def _twin(case: Planted) -> str:
    """All that the sound run depends on."""
    return repr((case.sound().text, case.objects, case.files, case.settings, case.judge))
