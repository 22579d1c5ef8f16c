"""An execution is judged again: what is no longer so is taken back, what others found stays."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.app import judging, trial
from seatrial.app.parts import Parts
from seatrial.errors import StorageError
from seatrial.ports.findings import Finding, Severity
from seatrial.settings import Settings
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.simulated_run import simulate

LOST, EMPTY, SETTLED, TIED, NO_DISK = (
    Finding(code, Severity.ERROR, code) for code in ("ST112", "ST101", "ST201", "ST140", "ST301")
)
OTHERS = (SETTLED, TIED, NO_DISK)
RECORD = simulate(pipeline(processing("One", outputs={"a": join(PREFIX, "a")}))).record


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """An execution that was judged, when somebody else had found something of it as well."""
    made = Parts(Settings(state_dir=tmp_path / "state", cache_dir=tmp_path / "cache"), print)
    (tmp_path / "state").mkdir()
    vars(made)["store"] = MemoryStore()
    made.records.create(replace(RECORD, steps=(), definition=json.dumps(json.loads(RECORD.definition))))
    made.records.add_findings(RECORD.execution_id, [LOST, *OTHERS])
    monkeypatch.setattr(judging, "judge", lambda flow: [EMPTY])
    return made


def test_what_is_no_longer_so_does_not_stay(parts: Parts) -> None:
    assert trial.judge_again(parts, RECORD.execution_id) == (*OTHERS, EMPTY)


def test_the_end_of_a_resumed_execution_takes_back_what_was_judged_at_its_first(parts: Parts) -> None:
    assert trial.conclude(parts, RECORD.execution_id).findings == (*OTHERS, EMPTY)


def test_without_the_store_nothing_is_taken_back(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Parts, "running_store", None)
    assert trial.judge_again(parts, RECORD.execution_id) == (LOST, *OTHERS, EMPTY)


def test_a_store_that_is_lost_at_the_end_is_said_and_takes_nothing_back(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise StorageError("the store does not answer", slug="store-away")

    monkeypatch.setattr(trial, "save_manifest", lost)
    found = [each.code for each in trial.conclude(parts, RECORD.execution_id).findings]
    assert found[:4] == ["ST112", "ST201", "ST140", "ST301"]
    assert found[-1] == "ST101"
