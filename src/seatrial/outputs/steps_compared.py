"""Which steps of two executions can be compared at all, and how those ended; knows nothing of outputs."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.outputs.sides import Difference, Side

NOT_STARTED = "not started"
TAKEN = "what was not run here says nothing of this execution"


def all_steps(first: Side, second: Side) -> tuple[str, ...]:
    """Every step that either has, the first one's before the other's."""
    return tuple(dict.fromkeys((*first.statuses, *second.statuses)))


def is_compared(step: str, first: Side, second: Side) -> bool:
    """Whether neither took the step from an earlier execution."""
    return first.taken_from(step) is None and second.taken_from(step) is None


def endings(first: Side, second: Side) -> Iterator[Difference]:
    """The executions and steps that came through in one and not in the other."""
    if first.status != second.status:
        yield Difference("status", None, first=first.status, second=second.status)
    for step in all_steps(first, second):
        one, other = first.statuses.get(step, NOT_STARTED), second.statuses.get(step, NOT_STARTED)
        if one != other:
            yield Difference("status", step, first=one, second=other)


def not_run(first: Side, second: Side) -> Iterator[Difference]:
    """Steps that one of them, or both, took from an earlier execution."""
    for step in all_steps(first, second):
        if not is_compared(step, first, second):
            one, other = _how(step, first), _how(step, second)
            yield Difference("not-run", step, first=one, second=other, reason=TAKEN)


def undecided(first: Side, second: Side) -> str | None:
    """Why nothing can be said though nothing should differ: one of them did not run what is compared."""
    for side in (first, second):
        if not side.statuses:
            return f"execution {side.execution_id} ran no step"
        if side.has_taken and not any(map(side.ran_job, side.statuses)):
            return f"execution {side.execution_id} ran no job of its own, its steps were taken from elsewhere"
    common = [step for step in first.statuses if step in second.statuses and is_compared(step, first, second)]
    if first.has_taken or second.has_taken:
        # Conditions and the like are looked at anew wherever the jobs were taken from; they prove little.
        common = [step for step in common if first.ran_job(step) and second.ran_job(step)]
    return None if common else "no step was run by both"


def _how(step: str, side: Side) -> str:
    source = side.taken_from(step)
    return f"not run: taken from {source}" if source else side.statuses.get(step, NOT_STARTED)
