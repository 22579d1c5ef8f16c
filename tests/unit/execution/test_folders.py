"""Where the attempts of an execution lie, and the jobs that one of them may consist of."""

from __future__ import annotations

from seatrial.execution.folders import attempt_folder, attempt_folders, job_folders
from seatrial.settings import Settings


def test_the_folders_of_an_execution_are_its_attempts_and_their_jobs(settings: Settings) -> None:
    prepared = attempt_folder(settings, "exec00000001", "Prepare", 1)
    tuned = attempt_folder(settings, "exec00000001", "Tune", 2)
    jobs = [tuned / "training-jobs" / name for name in ("t-001-aa", "t-002-bb")]
    for folder in (prepared / "stage", *(job / "stage" for job in jobs)):
        folder.mkdir(parents=True)

    assert set(attempt_folders(settings, "exec00000001")) == {prepared, tuned, *jobs}
    assert job_folders(tuned) == {"t-001-aa": jobs[0], "t-002-bb": jobs[1]}
    assert job_folders(prepared) == {}
    assert list(attempt_folders(settings, "exec00000002")) == []
