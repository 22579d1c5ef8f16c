"""The log of a tuning job: what was tried and what came of it; each training job has a log of its own."""

from __future__ import annotations

from pathlib import Path

from seatrial.engines.tuning.parents import named_parents
from seatrial.engines.tuning.request import Tuning
from seatrial.engines.tuning.trials import Ended, Trial
from seatrial.ports.jobs import JobRequest


class Story:
    """Lines added to a file as things happen."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def begins(self, tuning: Tuning, parallel: int) -> None:
        """What is to be done."""
        aims = dict.fromkeys(
            f"{'maximize' if each.objective.maximize else 'minimize'} {each.objective.metric.name}"
            for each in tuning.candidates
        )
        jobs = f"at most {tuning.jobs} training jobs" if tuning.jobs else "training jobs"
        self.say(f"{tuning.strategy} search to {' and '.join(aims)}: {jobs}, {parallel} at a time")

    def warmed(self, request: JobRequest, count: int) -> None:
        """What is known from earlier tuning jobs, if the request names any."""
        known = {str(parent.get("HyperParameterTuningJobName")) for parent in request.parents}
        for name in named_parents(request.parameters):
            if name not in known:
                self.say(f"{name} was not run here, so nothing is known of it")
        if known:
            self.say(f"{count} training jobs of {', '.join(sorted(known))} are taken into account")

    def started(self, trial: Trial) -> None:
        """The values that a training job tries."""
        values = ", ".join(f"{name}={text}" for name, text in sorted(trial.suggestion.values.items()))
        kind = f" of {trial.candidate.name}" if trial.candidate.name else ""
        self.say(f"{trial.label} started{kind}: {values}")

    def given_up(self, trial: Trial, epochs: int) -> None:
        """A training job that is stopped early."""
        self.say(f"{trial.label} is stopped early, after {epochs} values of its objective")

    def ended(self, ended: Ended, *, best: bool) -> None:
        """How a training job went; of one that failed, its last lines."""
        metric = ended.trial.candidate.objective.metric.name
        found = f"no {metric}" if ended.value is None else f"{metric}={ended.value:g}"
        seconds = (ended.result.seconds or {}).get("container", 0.0)
        self.say(
            f"{ended.trial.label} {ended.status} after {seconds:.0f} s: {_in_one_line(ended.reason) or found}"
            f"{', the best so far' if best else ''}"
        )
        if ended.status == "Failed":
            for line in ended.result.log_tail:
                self.say(f"{ended.trial.label} | {line}")

    def say(self, line: str) -> None:
        """One line."""
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")


def _in_one_line(reason: str | None) -> str:
    return " ".join((reason or "").split())
