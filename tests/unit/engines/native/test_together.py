"""How a job of several containers ended, from how each of them did."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from seatrial.engines.native.together import Ran
from seatrial.ports.runners import JobOutcome

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)


def ended(code: int | None, **members: object) -> JobOutcome:
    return JobOutcome(code, NOW, NOW, **members)  # type: ignore[arg-type]  # members of different types


@pytest.mark.parametrize("how", ["stopped", "timed_out"])
def test_a_job_that_was_ended_has_no_good_end_if_that_of_one_container_was_lost(how: str) -> None:
    ran = Ran((ended(0, **{how: True}), ended(None, lost="the engine went away")), 0)

    assert (ran.outcome.exit_code, ran.outcome.lost) == (None, "the engine went away")


def test_a_container_that_failed_decides_though_that_of_another_was_lost() -> None:
    ran = Ran((ended(None, lost="the engine went away", stopped=True), ended(3)), 1)

    assert (ran.outcome.exit_code, ran.outcome.lost) == (3, None)


def test_of_a_stopped_job_one_killed_container_makes_the_rest_half_a_job() -> None:
    ran = Ran((ended(0, stopped=True), ended(137, stopped=True)), 0)

    assert (ran.outcome.exit_code, ran.outcome.stopped) == (137, True)
