"""One attempt at one tuning job, from its request to its result."""

from __future__ import annotations

import threading

from seatrial.engines import logs
from seatrial.engines.diary import Diary
from seatrial.engines.ending import STOPPED, Ending, failed
from seatrial.engines.job import RefusedJobError
from seatrial.engines.tuning.completion import ending_of
from seatrial.engines.tuning.course import Course, Workplace
from seatrial.engines.tuning.describe import Outcome, describe_tuning_job
from seatrial.engines.tuning.observing import observation_of
from seatrial.engines.tuning.receipts import denied_of, inputs_of, lost_files_of, outputs_of
from seatrial.engines.tuning.request import read_tuning
from seatrial.engines.tuning.story import Story
from seatrial.engines.tuning.trials import Ended, best_first
from seatrial.engines.tuning.unsupported import list_unsupported
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobEngine, JobRequest, JobResult


class Attempt:
    """Searches, and gathers what the training jobs read and wrote."""

    def __init__(
        self,
        engine: JobEngine,
        slots: int,
        clock: Clock,
        request: JobRequest,
        diary: Diary,
        stop: threading.Event,
    ) -> None:
        self._place = Workplace(engine, clock, slots, stop)
        self._request = request
        self._diary = diary
        self._log = request.folder / "log.txt"
        self._began = clock.now()
        self._not_improving = 0
        self._trials: list[Ended] = []

    def perform(self) -> JobResult:
        """Do all of it; whatever is the job's own fault ends up in the result."""
        self._log.touch()
        refusal = None
        try:
            ending = self._live()
        except RefusedJobError as refused:
            refusal = str(refused)
            ending = failed(refusal)
        self._diary.enter(ending.status)
        return self._result(ending, refusal)

    def _live(self) -> Ending:
        parameters = self._request.parameters
        if impossible := list_unsupported(parameters, self._place.engine):
            raise RefusedJobError(f"ValidationException: not supported here: {'; '.join(impossible)}")
        tuning = read_tuning(parameters)
        self._diary.enter("InProgress")
        course = Course(tuning, self._request, self._place, self._diary, Story(self._log))
        with self._diary.timing("container"):
            course.run()
        self._trials = best_first(course.ended)
        self._not_improving = course.not_improving
        return STOPPED if self._place.stop.is_set() else ending_of(self._trials)

    def _result(self, ending: Ending, refusal: str | None) -> JobResult:
        outcome = Outcome(self._began, self._place.clock.now(), self._trials, self._not_improving)
        return JobResult(
            describe=describe_tuning_job(self._request, ending, outcome),
            inputs=inputs_of(self._trials),
            outputs=outputs_of(self._trials),
            lost_files=lost_files_of(self._trials),
            image=next((each.result.image for each in self._trials if each.result.image), None),
            log_tail=logs.tail(self._log),
            seconds=self._diary.seconds,
            refusal=refusal,
            observation=observation_of(self._trials),
            denied=denied_of(self._trials),
        )
