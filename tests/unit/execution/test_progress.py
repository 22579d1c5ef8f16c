"""Which news of a job are kept, and how they read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seatrial.execution.control import Control, JobProgressed, StopRequested
from seatrial.execution.progress import ProgressFilter, in_words
from seatrial.ports.jobs import JobProgress
from tests.adapters.clock import START


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (JobProgress("j", "Training"), "Training"),
        (JobProgress("j", "Downloading", bytes_in=999), "Downloading (999 B in)"),
        (JobProgress("j", "Downloading", bytes_in=12_345), "Downloading (12 kB in)"),
        (JobProgress("j", "Uploading", 3_000_000, 2_500_000_000), "Uploading (3 MB in, 2.5 GB out)"),
    ],
)
def test_reads_as_one_short_line(progress: JobProgress, words: str) -> None:
    assert in_words(progress) == words


def test_every_new_status_is_kept_and_bytes_once_a_second() -> None:
    kept = ProgressFilter()
    news = [
        (0.0, "Downloading", True),
        (0.1, "Downloading", False),
        (0.2, "Training", True),
        (0.9, "Training", False),
        (1.3, "Training", True),
    ]

    for seconds, status, expected in news:
        now = START + timedelta(seconds=seconds)
        assert kept.worth_keeping(JobProgress("j", status), now) is expected


def test_only_the_latest_news_of_each_job_wait_to_be_read() -> None:
    control = Control()
    for count in range(1000):
        control.progress(JobProgress("one", "Downloading", bytes_in=count))
    control.progress(JobProgress("other", "Training"))
    control.stop()

    assert [control.wait() for _ in range(3)] == [
        JobProgressed("one"),
        JobProgressed("other"),
        StopRequested(),
    ]
    assert control.latest("one") == JobProgress("one", "Downloading", bytes_in=999)
    assert control.latest("one") is None
