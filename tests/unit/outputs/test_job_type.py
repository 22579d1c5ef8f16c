"""The job type: stated by an argument or variable, else read from the step's name."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.outputs.job_type import job_type_of


def arguments(*words: object) -> dict[str, Any]:
    return {"AppSpecification": {"ContainerArguments": list(words)}}


@pytest.mark.parametrize(
    ("name", "request_", "expected"),
    [
        ("Prep", arguments("--job_type", "validation"), "validation"),
        ("Prep", arguments("--job_type=testing"), "testing"),
        ("Prep", arguments("--job-type", "calibration"), "calibration"),
        ("Prep-Training", arguments("--job_type", "validation"), "validation"),
        ("Prep", {"Environment": {"JOB_TYPE": "training"}}, "training"),
        ("Train", {"HyperParameters": {"job_type": '"training"'}}, "training"),
        ("Prep-Training", {}, "training"),
        ("Prep-calibration", {}, "calibration"),
        ("Training", {}, "training"),
        ("Prep-Daily", {}, None),
        ("Prep", arguments("--job_type"), None),
        ("Prep", arguments("--job_type", "--other"), None),
        ("Prep", arguments("--job_type", {"Get": "Parameters.Job"}), None),
        ("Prep", {"AppSpecification": {"ContainerArguments": {"Get": "Parameters.All"}}}, None),
    ],
)
def test_job_type(name: str, request_: dict[str, Any], expected: str | None) -> None:
    assert job_type_of(name, request_) == expected
