"""How a job ended: success is an exit code of 0 that somebody saw, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seatrial.engines.ending import Ending
from seatrial.engines.native.endings import Evidence, judge
from seatrial.engines.processing import read_processing_job
from seatrial.ports.jobs import JobKind
from seatrial.ports.runners import JobOutcome
from seatrial.settings import FidelitySettings
from tests.adapters.clock import START
from tests.unit.engines.native.requests import job_request, processing_parameters


def ending(
    tree: Path, kind: JobKind = "Processing", fidelity: FidelitySettings | None = None, **outcome: Any
) -> Ending:
    job = read_processing_job(
        job_request(tree, "Processing", processing_parameters(StoppingCondition={"MaxRuntimeInSeconds": 7}))
    )
    seen = JobOutcome(**{"exit_code": None, "started_at": START, "ended_at": START, **outcome})
    return judge(kind, job, Evidence(seen, tree, ()), fidelity or FidelitySettings())


def leave(tree: Path, name: str, content: bytes) -> None:
    (tree / "opt/ml/output").mkdir(parents=True, exist_ok=True)
    (tree / "opt/ml/output" / name).write_bytes(content)


def test_exit_code_0_is_success(tmp_path: Path) -> None:
    assert ending(tmp_path, exit_code=0) == Ending("Completed", "Completed", uploads=True)


def test_a_lost_exit_status_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    lost = ending(tmp_path, lost="the daemon was restarted")
    assert (lost.status, lost.uploads) == ("Failed", False)
    assert lost.failure_reason is not None
    assert "the daemon was restarted" in lost.failure_reason


@pytest.mark.parametrize(("stopped", "timed_out"), [(True, False), (False, True)])
def test_a_lost_status_is_a_failure_also_after_a_stop(tmp_path: Path, stopped: bool, timed_out: bool) -> None:
    lost = ending(tmp_path, kind="Training", lost="cut off", stopped=stopped, timed_out=timed_out)
    assert lost.status == "Failed"


def test_no_exit_code_and_no_reason_is_still_a_failure(tmp_path: Path) -> None:
    assert ending(tmp_path).status == "Failed"


def test_a_stop_before_the_start_is_a_stop(tmp_path: Path) -> None:
    assert ending(tmp_path, kind="Training", stopped=True) == Ending("Stopped", "Stopped")


@pytest.mark.parametrize(("code", "uploads"), [(0, True), (143, True), (137, False)])
def test_a_stopped_training_job_keeps_what_it_saved_within_its_grace(
    tmp_path: Path, code: int, uploads: bool
) -> None:
    assert ending(tmp_path, kind="Training", exit_code=code, stopped=True).uploads is uploads


def test_a_stopped_processing_job_uploads_nothing(tmp_path: Path) -> None:
    assert ending(tmp_path, exit_code=0, stopped=True) == Ending("Stopped", "Stopped")


def test_training_past_its_limit_is_stopped_and_keeps_its_artifacts(tmp_path: Path) -> None:
    over = ending(tmp_path, kind="Training", exit_code=137, timed_out=True)
    assert over == Ending("Stopped", "MaxRuntimeExceeded", uploads=True)


def test_processing_past_its_limit_ends_as_the_setting_says(tmp_path: Path) -> None:
    failed = ending(tmp_path, exit_code=143, timed_out=True)
    assert failed.status == "Failed"
    assert "MaxRuntimeInSeconds of 7" in str(failed.failure_reason)
    stopped = FidelitySettings(processing_timeout_status="Stopped")
    assert ending(tmp_path, fidelity=stopped, exit_code=143, timed_out=True).status == "Stopped"


def test_memory_is_the_reason_before_what_the_script_says(tmp_path: Path) -> None:
    leave(tmp_path, "failure", b"Traceback ...")
    reason = ending(tmp_path, exit_code=1, out_of_memory=True).failure_reason
    killed = "the container was killed for exceeding 8 GiB of ml.m5.large"
    assert reason == f"AlgorithmError: {killed}: Traceback ..., exit code: 1"


def test_a_child_killed_for_memory_does_not_fail_a_job_that_went_on(tmp_path: Path) -> None:
    assert ending(tmp_path, exit_code=0, out_of_memory=True).status == "Completed"


def test_a_failure_file_does_not_fail_a_job_that_exits_with_0(tmp_path: Path) -> None:
    leave(tmp_path, "failure", b"left over")
    assert ending(tmp_path, exit_code=0).status == "Completed"


def test_the_message_of_a_training_job_is_nothing_to_the_service(tmp_path: Path) -> None:
    leave(tmp_path, "message", b"hello")
    assert ending(tmp_path, kind="Training", exit_code=0).exit_message is None


@pytest.mark.parametrize("length", [1021, 1022, 1023, 1024])
def test_a_message_cut_in_the_middle_of_a_character_is_still_text(tmp_path: Path, length: int) -> None:
    leave(tmp_path, "message", b"m" * length + "€".encode() * 3)
    message = ending(tmp_path, exit_code=0).exit_message
    assert message is not None
    assert set(message) <= {"m", "€"}
    assert 1021 <= len(message.encode()) <= 1024


@pytest.mark.parametrize("content", [b"\xff", b"ok \xe2\x82", b"m" * 1020 + b"\xff" + b"m" * 10])
def test_a_message_that_is_no_text_fails_the_job_and_uploads_nothing(tmp_path: Path, content: bytes) -> None:
    leave(tmp_path, "message", content)
    ended = ending(tmp_path, exit_code=0)
    assert (ended.status, ended.uploads) == ("Failed", False)
    assert str(ended.failure_reason).startswith("ClientError: ")


def test_a_failure_that_is_a_pipe_or_a_link_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of this machine")
    (tmp_path / "tree/opt/ml/output").mkdir(parents=True)
    (tmp_path / "tree/opt/ml/output/failure").symlink_to(secret)
    assert ending(tmp_path / "tree", exit_code=1).failure_reason == "AlgorithmError: , exit code: 1"
