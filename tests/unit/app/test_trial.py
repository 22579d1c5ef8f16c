"""A whole trial: what is seen to on every way out of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.execution import Control
from seatrial.settings import Settings
from tests.functional.execution.test_run import SameThread


def test_what_stands_in_workers_is_swept_also_when_the_driver_fails(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their processes would wait for it when they end."""

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the driver itself")

    flight = SimpleNamespace(definition=None, selection=None, substitutes={}, settled=(), role=None)
    record = SimpleNamespace(execution_id="exec00000001")
    swept: list[str] = []
    for name, stands_for in {
        "adopt_local_files": lambda parts, wishes: wishes,
        "preflight": lambda parts, wishes: flight,
        "_launch": lambda parts, flight: None,
        "keep_source": lambda parts, record, source: None,
        "start_execution": lambda *_, **__: record,
        "_services": lambda *_: None,
        "run_execution": fails,
        "sweep": lambda parts, execution_id: swept.append(execution_id),
    }.items():
        monkeypatch.setattr(trial, name, stands_for)
    wishes: Any = SimpleNamespace(
        source="pipeline.py",
        engine="native",
        parameters={},
        prefix=None,
        pipeline_name=None,
        max_parallel_steps=None,
        functions={},
    )
    monkeypatch.setattr("seatrial.records.records.Records.add_findings", lambda *_: None)
    with pytest.raises(RuntimeError, match="the driver itself"):
        trial.run(
            Parts(settings, print), wishes, Control(), lambda *_: lambda event: None, executor=SameThread()
        )
    assert swept == ["exec00000001"]
