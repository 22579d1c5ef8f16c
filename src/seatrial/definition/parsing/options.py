"""Reads what a step says about caching, retrying and property files."""

from __future__ import annotations

from seatrial.definition import pointers
from seatrial.definition.durations import parse_duration
from seatrial.definition.model import CacheConfig, PropertyFile, RetryPolicy
from seatrial.definition.parsing.reader import Reader
from seatrial.definition.report import suggestion

EXCEPTION_TYPES = (
    "Step.SERVICE_FAULT",
    "Step.THROTTLING",
    "SageMaker.JOB_INTERNAL_ERROR",
    "SageMaker.CAPACITY_ERROR",
    "SageMaker.RESOURCE_LIMIT",
)
_RETRY_KEYS = frozenset({"ExceptionType", "IntervalSeconds", "BackoffRate", "MaxAttempts", "ExpireAfterMin"})
_RETRY_LIMITS = {"IntervalSeconds": 43200, "MaxAttempts": 20, "ExpireAfterMin": 14400}


def read_property_files(reader: Reader) -> tuple[PropertyFile, ...]:
    """The declared property files; a name used twice is reported."""
    files: dict[str, PropertyFile] = {}
    for item in reader.items("PropertyFiles"):
        item.refuse_unknown({"PropertyFileName", "OutputName", "FilePath"})
        name, output, path = (
            item.text(key, required=True) for key in ("PropertyFileName", "OutputName", "FilePath")
        )
        if name is None or output is None or path is None:
            continue
        if name in files:
            item.error(
                "ST006", f"property file {name!r} is declared twice", "PropertyFileName", "rename one of them"
            )
        files[name] = PropertyFile(name, output, path)
    return tuple(files.values())


def read_cache(reader: Reader) -> CacheConfig | None:
    """The cache setting, None without one."""
    cache = reader.object("CacheConfig")
    if cache is None:
        return None
    cache.refuse_unknown({"Enabled", "ExpireAfter"})
    enabled, expire_after = cache.boolean("Enabled", required=True), cache.text("ExpireAfter")
    if enabled and expire_after is not None and parse_duration(expire_after) is None:
        message = f"ExpireAfter {expire_after!r} is not a duration"
        cache.error("ST008", message, "ExpireAfter", "write an ISO 8601 duration, for example P30D or PT12H")
    return CacheConfig(bool(enabled), expire_after)


def read_retries(reader: Reader) -> tuple[RetryPolicy, ...]:
    """The retry policies, the service's defaults filled in."""
    return tuple(_retry(item) for item in reader.items("RetryPolicies"))


def _retry(policy: Reader) -> RetryPolicy:
    policy.refuse_unknown(_RETRY_KEYS)
    for index, kind in enumerate(kinds := policy.texts("ExceptionType", required=True)):
        if kind not in EXCEPTION_TYPES:
            message = f"unknown exception type {kind!r}"
            where = pointers.child(policy.pointer, "ExceptionType", index)
            policy.report.error("ST008", message, where, suggestion(kind, EXCEPTION_TYPES), step=policy.step)
    interval, backoff, attempts, minutes = (
        policy.number(key) for key in ("IntervalSeconds", "BackoffRate", "MaxAttempts", "ExpireAfterMin")
    )
    if attempts is not None and minutes is not None:
        policy.error("ST008", "MaxAttempts and ExpireAfterMin exclude each other", "", "keep one of them")
    for key, most in _RETRY_LIMITS.items():
        _check_limit(policy, key, most)
    return RetryPolicy(
        exception_types=kinds,
        interval_seconds=1.0 if interval is None else float(interval),
        backoff_rate=2.0 if backoff is None else float(backoff),
        max_attempts=int(attempts) if attempts is not None else (5 if minutes is None else None),
        expire_after_minutes=None if minutes is None else int(minutes),
    )


def _check_limit(policy: Reader, key: str, most: int) -> None:
    value = policy.raw.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool) and not 0 < value <= most:
        policy.error("ST008", f"{key} is {value}", key, f"keep it between 1 and {most}")
