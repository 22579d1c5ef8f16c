"""How a transform ended, judged from its container's end and its objects; touches neither Docker nor S3."""

from __future__ import annotations

from collections.abc import Sequence

from seatrial.engines import failures
from seatrial.engines.ending import COMPLETED, STOPPED, Ending, failed
from seatrial.engines.instances import look_up_instance
from seatrial.engines.native.endings import Evidence, start_trouble
from seatrial.engines.serving.batch import Work
from seatrial.engines.serving.container import LIMIT

# As published jobs had it.
NO_PING = (
    "AlgorithmError: Model container failed to respond to ping. Please ensure /ping endpoint is implemented "
    "and responds with an HTTP 200 status code"
)


def never_pinged(seconds: float, name: str = "") -> Ending:
    """A container that ran and was never ready; `name` where it is one of several."""
    return failed(f"{NO_PING} ({_named(name)}{seconds:g} s)")


def ended_early(evidence: Evidence, instance_type: str, name: str = "") -> Ending:
    """A container that ended while it was needed; `name` where it is one of several."""
    outcome = evidence.outcome
    if outcome.lost:
        return failed(failures.lost_status(outcome.lost))
    if outcome.stopped:
        return STOPPED
    if outcome.timed_out:
        return failed(f"ClientError: the job exceeded {LIMIT.total_seconds():.0f} seconds and was stopped")
    if outcome.exit_code is None:
        return failed(failures.lost_status("no reason given"))
    text = "the model container ended while it was needed"
    if outcome.out_of_memory:
        text = failures.out_of_memory(instance_type, look_up_instance(instance_type))
    elif outcome.exit_code in failures.NOT_STARTED and (trouble := start_trouble(evidence)):
        text = f"{failures.NOT_STARTED[outcome.exit_code]}: {trouble}"
    return failed(failures.algorithm_error(f"{_named(name)}{text}", outcome.exit_code))


def _named(name: str) -> str:
    return f"{name}: " if name else ""


def judge(works: Sequence[Work]) -> Ending:
    """Every object answered for is success; the outputs of the others are there all the same."""
    bad = [work for work in works if work.fault is not None]
    if not bad:
        return COMPLETED
    fault = next((work.fault for work in bad if work.fault == "AlgorithmError"), "ClientError")
    first = next(work for work in bad if work.fault == fault)
    more = (
        f", and {len(bad) - 1} more of {len(works)} objects" if len(bad) > 1 else f", of {len(works)} objects"
    )
    said = f"{fault}: See job logs for more information ({first.place}: {first.why}{more})"
    return Ending("Failed", "Failed", failures.cut(said), uploads=True)
