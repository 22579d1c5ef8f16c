"""A function whose image could not load it is refused before the run, with what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from seatrial.app.remote_functions import unfit_functions
from seatrial.definition import Step, parse
from seatrial.images.context import reference_of
from seatrial.images.recipes import RECIPES
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.images import ImagePlan
from seatrial.reports.plan import PlannedImage
from tests.unit.definition.documents import CORPUS

ECR = "236514542706.dkr.ecr.us-east-1.amazonaws.com"
URI = f"{ECR}/sagemaker-distribution-prod:3.2.0-cpu"
DEFINITION = parse((CORPUS / "functions" / "definition.json").read_bytes())


def step(**said: str) -> Step:
    """The function Make, its arguments changed: `client_python_version="3.10"`."""
    found = DEFINITION.step("Make")
    assert found is not None
    algorithm: dict[str, Any] = dict(found.arguments["AlgorithmSpecification"])
    words = list(algorithm["ContainerArguments"])
    for name, value in said.items():
        words[words.index(f"--{name}") + 1] = value
    arguments = {**found.arguments, "AlgorithmSpecification": {**algorithm, "ContainerArguments": words}}
    return replace(found, arguments=arguments)


def judged(function: Step, reference: str | None, uri: str = URI) -> list[Finding]:
    plan = ImagePlan(uri, reference) if reference else None
    return list(unfit_functions([function], {"Make": PlannedImage(uri, plan)}))


OURS = reference_of(RECIPES["base-python"])


def test_what_fits_is_let_through() -> None:
    assert judged(step(), OURS) == []
    assert judged(step(client_sagemaker_pysdk_version="2.256.0"), OURS) == []
    assert judged(step(client_sagemaker_pysdk_version="2.300.dev0"), OURS) == []


def test_another_python_is_refused_where_it_stands() -> None:
    (found,) = judged(step(client_python_version="3.10"), OURS)
    assert found.code == "ST240"
    assert "one of Python 3.10, and seatrial/base-python has 3.11" in found.message
    assert found.step == "Make"
    assert "/AlgorithmSpecification/ContainerArguments/5" in found.where
    assert f"for {URI} under [images] in seatrial.toml" in found.hint


@pytest.mark.parametrize("version", ["2.199.0", "2.255.9", "3.1.0"])
def test_an_sdk_that_writes_other_payloads_is_refused(version: str) -> None:
    (found,) = judged(step(client_sagemaker_pysdk_version=version), OURS)
    assert f"cannot read what SDK {version} wrote" in found.message


def test_what_the_sdk_3_signed_is_let_through() -> None:
    function = step(client_sagemaker_pysdk_version="3.27.0")
    key = {"REMOTE_FUNCTION_SECRET_KEY": "-----BEGIN PUBLIC KEY-----"}
    assert judged(replace(function, arguments={**function.arguments, "Environment": key}), OURS) == []


def test_an_image_of_ours_without_the_sdk_is_refused() -> None:
    (found,) = judged(step(), reference_of(RECIPES["scikit-learn"]))
    assert "seatrial/scikit-learn has no SageMaker SDK" in found.message
    assert "name base-python" in found.hint


@pytest.mark.parametrize("reference", ["my-functions:3.10", None])
def test_of_an_image_that_is_not_ours_nothing_is_said(reference: str | None) -> None:
    assert judged(step(client_python_version="3.10"), reference) == []


@pytest.mark.parametrize("reference", [OURS, "my-functions:3.11", None])
def test_an_image_that_has_another_python_on_aws_is_warned_of(reference: str | None) -> None:
    (found,) = judged(step(), reference, f"{ECR}/sagemaker-base-python-310:1.0")
    assert found.severity is Severity.WARNING
    assert "Make: compiled with Python 3.11, and sagemaker-base-python-310 on AWS has 3.10" in found.message
    assert "compile with Python 3.10" in found.hint


def test_functions_of_one_image_are_warned_of_together() -> None:
    image = PlannedImage(f"{ECR}/sagemaker-base-python-310:1.0", None)
    functions = [step(), replace(step(), name="Total")]
    (found,) = unfit_functions(functions, {"Make": image, "Total": image})
    assert found.message.startswith("Make, Total: compiled with Python 3.11")


def test_a_python_that_is_awss_and_not_ours_is_an_error_alone() -> None:
    (found,) = judged(step(client_python_version="3.10"), OURS, f"{ECR}/sagemaker-base-python-310:1.0")
    assert found.severity is Severity.ERROR


def test_any_other_job_is_not_looked_at() -> None:
    write = DEFINITION.step("Write")
    assert write is not None
    assert list(unfit_functions([write], {"Write": PlannedImage(URI, None)})) == []
