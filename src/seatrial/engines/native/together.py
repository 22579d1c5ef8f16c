"""Runs the containers of one job at the same time; one that fails ends the others. Knows no files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace

from seatrial.ports.runners import JobOutcome, JobSpec, Runner

_KILLED = 137


@dataclass(frozen=True)
class Ran:
    """How each container ended, in the order of the specs, and which of them decides how the job did."""

    outcomes: tuple[JobOutcome, ...]
    decisive: int

    @property
    def outcome(self) -> JobOutcome:
        """The job's own: the decisive container's, in the time of all."""
        ended = replace(
            self.outcomes[self.decisive],
            started_at=min(each.started_at for each in self.outcomes),
            ended_at=max(each.ended_at for each in self.outcomes),
        )
        lost = next((each.lost for each in self.outcomes if each.lost), None)
        if lost and (ended.stopped or ended.timed_out):
            # What was ended may keep what it made; of a container that was lost nobody knows what it made.
            return replace(ended, exit_code=None, lost=lost)
        killed = any(each.stopped and each.exit_code in (None, _KILLED) for each in self.outcomes)
        # Of a job that was stopped, what one killed container left may be half a file.
        return replace(ended, exit_code=_KILLED) if ended.stopped and killed else ended


def run_together(runner: Runner, specs: Sequence[JobSpec]) -> Ran:
    """All to their end; the first that did not end well has the others stopped."""
    if len(specs) == 1:
        return Ran((runner.run(specs[0]),), 0)
    with ThreadPoolExecutor(len(specs), thread_name_prefix="host") as threads:
        runs = [threads.submit(runner.run, spec) for spec in specs]
        with _ending_all(runner, specs):
            decisive = _first_to_fail(runner, specs, runs)
    return Ran(tuple(run.result() for run in runs), decisive)


def _first_to_fail(runner: Runner, specs: Sequence[JobSpec], runs: Sequence[Future[JobOutcome]]) -> int:
    """Which ended otherwise than well before any other did; the first of all where none did."""
    decisive: int | None = None
    for run in as_completed(runs):
        outcome = run.result()  # what kept one from starting is raised here, and ends the others
        if decisive is None and not _is_well(outcome):
            decisive = runs.index(run)
            _stop(runner, specs)
    return decisive or 0


def _is_well(outcome: JobOutcome) -> bool:
    return outcome.exit_code == 0 and not (outcome.stopped or outcome.timed_out or outcome.lost)


@contextmanager
def _ending_all(runner: Runner, specs: Sequence[JobSpec]) -> Iterator[None]:
    """Whatever goes wrong, no container is left to run."""
    try:
        yield
    except BaseException:
        _stop(runner, specs)
        raise


def _stop(runner: Runner, specs: Sequence[JobSpec]) -> None:
    for spec in specs:
        runner.stop(spec.name)
