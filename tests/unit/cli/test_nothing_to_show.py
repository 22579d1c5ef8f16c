"""Where there is nothing to show, a command says so instead of printing nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from seatrial.app.parts import Parts
from seatrial.cli import main
from seatrial.execution import attempt_folder
from seatrial.ports.executions import StepRecord, StepStatus
from seatrial.settings import load_settings
from tests.adapters.pipelines import pipeline, training
from tests.unit.records.values import an_execution


@pytest.fixture(autouse=True)
def _failed_before_its_job_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    parts = Parts(load_settings(), print)
    begun = replace(an_execution(), definition=pipeline(training("Train")).text)
    parts.records.create(begun)
    with parts.records.drive(begun.execution_id) as journal:
        journal.step_changed(None, StepRecord("Train", "Training", StepStatus.FAILED, attempts=1))
    log = attempt_folder(parts.settings, begun.execution_id, "Train", 1) / "log.txt"
    log.parent.mkdir(parents=True)
    log.touch()


def test_an_empty_log_is_told_with_where_the_reason_is() -> None:
    answered = CliRunner().invoke(main, ["logs", "Train"])
    assert (answered.exit_code, answered.stdout) == (0, "")
    assert answered.stderr == "the log of step Train is empty; why it ended so: seatrial status latest\n"


def test_no_lineage_is_told() -> None:
    answered = CliRunner().invoke(main, ["lineage"])
    assert (answered.exit_code, answered.stdout) == (0, "")
    assert answered.stderr == "no step has read data, and none has registered a model\n"
