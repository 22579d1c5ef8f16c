"""When a step is tried again: arithmetic alone, on values.

What the service leaves open is assumed: the first attempt is none of `MaxAttempts`, `ExpireAfterMin` counts
from the start of the first attempt, and no attempt begins after it. A step that waits when a Fail step ends
the execution goes on with its attempts, as a step that runs then does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seatrial.definition import RetryPolicy
from seatrial.execution.faults import SERVICE_FAULT

BY_DEFAULT = RetryPolicy((SERVICE_FAULT,), max_attempts=5)
"""What the service does without any policy, where the settings ask for it."""

LONGEST_WAIT = timedelta(minutes=14400)
"""The longest expiry that a policy may have; a rate that grows without end does not wait longer."""


@dataclass(frozen=True)
class Series:
    """Attempts of a step that followed one another by policy: when the first began, the fault of each."""

    begun: datetime
    faults: tuple[str, ...]


def next_attempt(policies: Sequence[RetryPolicy], series: Series, now: datetime) -> datetime | None:
    """When the next attempt begins after the last fault; None if no policy allows one any more.

    Each policy counts its own retries; of two that name one type, the first governs.
    """
    policy = policy_for(policies, series.faults[-1])
    if policy is None:
        return None
    retries = sum(policy_for(policies, fault) is policy for fault in series.faults[:-1])
    if policy.max_attempts is not None and retries >= policy.max_attempts:
        return None
    at = now + wait(policy, retries)
    minutes = policy.expire_after_minutes
    if minutes is not None and at > series.begun + timedelta(minutes=minutes):
        return None
    return at


def wait(policy: RetryPolicy, retries: int) -> timedelta:
    """How long to wait when the policy has had so many retries: each time longer by its rate."""
    try:
        seconds = policy.interval_seconds * policy.backoff_rate**retries
    except OverflowError:
        return LONGEST_WAIT
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST_WAIT.total_seconds()))


def policy_for(policies: Sequence[RetryPolicy], fault: str) -> RetryPolicy | None:
    """The policy that governs faults of this type."""
    return next((policy for policy in policies if fault in policy.exception_types), None)
