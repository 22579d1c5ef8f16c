"""Why the steps of two executions failed; knows how the engines word it, and nothing of outputs."""

from __future__ import annotations

import re

from seatrial.outputs.known_causes import LOCAL_MODE, Explained
from seatrial.outputs.sides import Difference, Side

OWN_WORDS = (
    "SageMaker's local mode tells of a container that failed in words of its own; the exit code is the same"
)

# Of the SDK; the command names a folder made for that one job, and nothing is said of what the job wrote.
_OF_LOCAL_MODE = re.compile(r"Failed to run: \[.*?\][,.] Process exited with code: (\d+)", re.DOTALL)
_EXIT_CODE = re.compile(r"exit code: (\d+)\Z")


def failures(first: Side, second: Side) -> Explained:
    """Steps that failed in both, for reasons that are not the same."""
    steps = dict.fromkeys((*first.failures, *second.failures))
    same_end = [step for step in steps if first.statuses.get(step) == second.statuses.get(step)]
    found = [_failure(step, first, second) for step in same_end]
    return Explained(
        excepted=tuple(each for each in found if each and each.reason),
        differences=tuple(each for each in found if each and not each.reason),
    )


def _failure(step: str, first: Side, second: Side) -> Difference | None:
    one, other = _reason(step, first), _reason(step, second)
    if one == other:
        return None
    engines = [side.origin(step).engine == LOCAL_MODE for side in (first, second)]
    worded = engines[0] != engines[1] and _exit_code(one) is not None and _exit_code(one) == _exit_code(other)
    return Difference("failure", step, first=one, second=other, reason=OWN_WORDS if worded else None)


def _reason(step: str, side: Side) -> str | None:
    """In the engine's words, without the names that are this execution's alone."""
    reason = side.failures.get(step)
    if reason is None:
        return None
    if side.origin(step).engine == LOCAL_MODE:
        reason = _OF_LOCAL_MODE.sub(r"Failed to run, exit code: \1", reason)
    return side.unnamed(reason)


def _exit_code(reason: str | None) -> str | None:
    found = _EXIT_CODE.search(reason or "")
    return found.group(1) if found else None
