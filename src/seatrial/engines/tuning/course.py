"""The course of one tuning job: training jobs side by side until there is nothing more to try, or no need."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta

from seatrial.engines.diary import Diary
from seatrial.engines.stopper import Stopper
from seatrial.engines.tuning.completion import ATTEMPTS, Verdict
from seatrial.engines.tuning.early_stopping import Curve
from seatrial.engines.tuning.request import Tuning
from seatrial.engines.tuning.rota import Line, Rota
from seatrial.engines.tuning.search import Suggestion
from seatrial.engines.tuning.story import Story
from seatrial.engines.tuning.trials import Ended, Trial, ended_with, trial_name
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobEngine, JobProgress, JobRequest, JobResult

_LOOK_SECONDS = 0.3


@dataclass(frozen=True)
class Workplace:
    """What the training jobs are run with; `stop` is set when the tuning job is to stop."""

    engine: JobEngine
    clock: Clock
    slots: int
    stop: threading.Event


@dataclass
class Running:
    """A training job that was handed to the engine."""

    trial: Trial
    line: Line
    curve: Curve
    doomed: bool = False


class Course:
    """Used by one thread; the training jobs have threads of their own."""

    def __init__(
        self, tuning: Tuning, request: JobRequest, workplace: Workplace, diary: Diary, story: Story
    ) -> None:
        self._tuning = tuning
        self._request = request
        self._place = workplace
        self._diary = diary
        self._story = story
        self._slots = min(tuning.parallel, workplace.slots)
        self._rota = Rota(tuning)
        self._verdict = Verdict(tuning.completion)
        self._stopper = Stopper(workplace.engine.stop)
        self._running: dict[Future[JobResult], Running] = {}
        self._began = workplace.clock.now()
        self._started = 0
        self._over = False
        self.ended: list[Ended] = []

    @property
    def not_improving(self) -> int:
        """How many training jobs in a row, up to the last, brought nothing better."""
        return self._verdict.not_improving

    def run(self) -> None:
        """Until all has ended; what an engine raises is raised once the other jobs have been stopped."""
        self._story.begins(self._tuning, self._slots)
        self._story.warmed(self._request, self._rota.remember(self._request.parents))
        with ThreadPoolExecutor(self._slots, thread_name_prefix=self._request.name) as pool:
            try:
                while self._start_what_may(pool):
                    done, _ = wait(self._running, _LOOK_SECONDS, FIRST_COMPLETED)
                    for future in done:
                        self._settle(future)
                    self._look()
            except BaseException:
                self._end_all()
                raise

    def _start_what_may(self, pool: ThreadPoolExecutor) -> bool:
        """Whether anything runs."""
        while self._has_room() and (chosen := self._rota.next()):
            self._start(pool, *chosen)
        return bool(self._running)

    def _has_room(self) -> bool:
        if self._over or self._verdict.in_vain or self._place.stop.is_set():
            return False
        if len(self._running) >= self._slots:
            return False
        return self._tuning.jobs is None or self._started < self._tuning.jobs

    def _start(self, pool: ThreadPoolExecutor, line: Line, suggestion: Suggestion) -> None:
        self._started += 1
        candidate = line.candidate
        name = trial_name(self._request.name, self._started)
        hyperparameters = candidate.hyperparameters(suggestion.values)
        request = candidate.recipe.request(self._request, name, hyperparameters)
        trial = Trial(self._started, candidate, suggestion, request, self._place.clock.now())
        self._story.started(trial)
        curve = Curve(request.folder / "log.txt", candidate.objective)
        future = pool.submit(self._place.engine.run, request, _to_nobody)
        self._running[future] = Running(trial, line, curve)
        self._tell()

    def _settle(self, future: Future[JobResult]) -> None:
        running = self._running.pop(future)
        ended = ended_with(running.trial, future.result())
        self.ended.append(ended)
        running.line.search.tell(running.trial.suggestion, ended.value)
        if self._tuning.early_stopping:
            running.line.rule.learn(running.curve.values(ended=True))
        self._learn(ended)
        self._tell()

    def _learn(self, ended: Ended) -> None:
        before = self._verdict.in_vain
        self._story.ended(ended, best=self._verdict.learn(ended))
        if self._verdict.in_vain and not before:
            self._story.say(f"no more training jobs: {ATTEMPTS} have ended without an objective")

    def _look(self) -> None:
        """End what need not go on."""
        if self._place.stop.is_set():
            self._end_all()
        elif not self._over and (why := self._why_over()):
            self._over = True
            self._story.say(f"no more training jobs: {why}")
            self._end_all()
        elif self._tuning.early_stopping or self._tuning.strategy == "Hyperband":
            self._look_at_curves()

    def _why_over(self) -> str | None:
        seconds = self._tuning.seconds
        if seconds is not None and self._place.clock.now() - self._began > timedelta(seconds=seconds):
            return f"the tuning job's time, {seconds} s, is over"
        return self._verdict.enough()

    def _look_at_curves(self) -> None:
        for future, running in self._running.items():
            values = running.curve.values()
            if not running.doomed and self._is_hopeless(running, values):
                self._story.given_up(running.trial, len(values))
                self._end(future, running)

    def _is_hopeless(self, running: Running, values: Sequence[float]) -> bool:
        if self._tuning.early_stopping and running.line.rule.hopeless(values):
            return True
        return running.line.search.hopeless(running.trial.suggestion, values)

    def _end_all(self) -> None:
        for future, running in self._running.items():
            self._end(future, running)

    def _end(self, future: Future[JobResult], running: Running) -> None:
        """Ask the job to stop, in a thread of its own: its grace may last."""
        if not running.doomed:
            running.doomed = True
            name = running.trial.name
            self._stopper.stop(name)
            future.add_done_callback(lambda _: self._stopper.ended(name))

    def _tell(self) -> None:
        total = f" of {self._tuning.jobs}" if self._tuning.jobs else ""
        self._diary.enter(f"InProgress: {len(self.ended)}{total} jobs ended")


def _to_nobody(progress: JobProgress) -> None:
    """A training job's own progress: the tuning job tells of those that ended."""
