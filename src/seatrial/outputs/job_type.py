"""Which data a step works on (training, validation, testing, calibration), read from its request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

JOB_TYPES = ("training", "validation", "testing", "calibration")
_NAMES = ("job_type", "job-type", "JOB_TYPE")
_FLAGS = ("--job_type", "--job-type")


def job_type_of(step_name: str, request: Mapping[str, Any]) -> str | None:
    """The job type that an argument or variable states, else that of the name's suffix (`X-Training`).

    Expressions in `request` state nothing: pass the resolved request where there is one.
    """
    stated = next(_stated(request), None)
    suffix = step_name.rpartition("-")[2].lower()
    return stated or (suffix if suffix in JOB_TYPES else None)


def _stated(request: Mapping[str, Any]) -> Iterator[str]:
    for specification in ("AppSpecification", "AlgorithmSpecification"):
        yield from _from_arguments(_mapping(request.get(specification)).get("ContainerArguments"))
    for variables in ("HyperParameters", "Environment"):
        named = _mapping(request.get(variables))
        yield from (text for name in _NAMES if (text := _plain(named.get(name))))


def _from_arguments(arguments: object) -> Iterator[str]:
    if not isinstance(arguments, Sequence) or isinstance(arguments, str):
        return
    words = [word if isinstance(word, str) else "" for word in arguments]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        flag, equals, value = word.partition("=")
        stated = _plain(value if equals else following)
        if flag in _FLAGS and stated and not stated.startswith("--"):
            yield stated


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _plain(value: object) -> str | None:
    # Framework estimators JSON-encode their hyperparameters: `"\"training\""`.
    return value.strip('"') or None if isinstance(value, str) else None
