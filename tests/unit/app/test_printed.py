"""The lines that a step's job printed, as the judge gets them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.app import printed
from seatrial.execution import attempt_folder
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.plausible_parts import plausible_parts
from tests.adapters.simulated_run import simulate

RECORD = simulate(pipeline(processing("Prep", outputs={"a": join(PREFIX, "a")}))).record


def lines(tmp_path: Path, logs: dict[str, bytes], step: str = "Prep") -> list[str]:
    parts = plausible_parts(tmp_path)
    folder = attempt_folder(parts.settings, RECORD.execution_id, "Prep", 1)
    for name, content in logs.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return list(printed.printed_by(parts, RECORD)(step))


def test_the_lines_of_the_log_come_without_their_ends(tmp_path: Path) -> None:
    assert lines(tmp_path, {"log.txt": b"one\r\ntwo \xff\nthree"}) == ["one", "two \ufffd", "three"]


def test_the_jobs_of_a_tuning_job_have_theirs_behind_it(tmp_path: Path) -> None:
    logs = {"log.txt": b"tuning\n", "training-jobs/a/log.txt": b"a\n", "training-jobs/b/log.txt": b"b\n"}
    assert lines(tmp_path, logs) == ["tuning", "a", "b"]


def test_a_step_without_a_log_or_a_record_printed_nothing(tmp_path: Path) -> None:
    assert lines(tmp_path, {}) == []
    assert lines(tmp_path, {"log.txt": b"one"}, "Other") == []


def test_only_the_last_attempt_counts(tmp_path: Path) -> None:
    parts = plausible_parts(tmp_path)
    folder = attempt_folder(parts.settings, RECORD.execution_id, "Prep", 1)
    folder.mkdir(parents=True)
    (folder / "log.txt").write_text("first")
    (step,) = RECORD.steps
    again = replace(RECORD, steps=(replace(step, attempts=2),))
    assert list(printed.printed_by(parts, again)("Prep")) == []


def test_a_log_is_read_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed, "MOST_BYTES", 9)
    assert lines(tmp_path, {"log.txt": b"1234\n" * 5}) == ["1234", "1234"]
