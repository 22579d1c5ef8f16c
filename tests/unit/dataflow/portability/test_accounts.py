"""The first account or region in a definition that was compiled for another."""

from __future__ import annotations

import pytest

from seatrial.definition import PipelineDefinition
from seatrial.ports.findings import Finding, Severity
from tests.adapters.pipelines import IMAGE, Json, pipeline, processing
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.portability.runs import FIRST, SECOND, held, voyage


def compiled(value: Json, image: str = IMAGE) -> PipelineDefinition:
    definition = processing("Write", image=image, environment={"X": value})
    definition["Arguments"]["RoleArn"] = "arn:aws:iam::999988887777:role/Pipeline"
    return pipeline(definition)


def found(one: PipelineDefinition, other: PipelineDefinition) -> tuple[Finding, ...]:
    first = voyage(simulate(one, prefix=FIRST))
    second = voyage(simulate(other, prefix=SECOND), "999988887777", "eu-west-1")
    return held(first, second).findings


@pytest.mark.parametrize(
    "value",
    ["arn:aws:kms:eu-west-1:123456789012:key/1", "team-123456789012", "arn:aws:sns:us-east-1:999988887777:x"],
)
def test_what_survives_compiling_is_found(value: str) -> None:
    (warning,) = found(compiled("before"), compiled(value))
    assert (warning.code, warning.severity) == ("ST142", Severity.WARNING)
    assert warning.where == "/Steps/0/Arguments/Environment/X"
    assert "though it was compiled for another" in warning.message


@pytest.mark.parametrize("value", ["1123456789012", "us-east-1", "arn:aws:s3:::bucket"])
def test_what_only_looks_alike_is_not(value: str) -> None:
    assert found(compiled("before"), compiled(value)) == ()


def test_images_are_of_other_accounts() -> None:
    image = IMAGE.replace("683313688378", "123456789012")
    assert found(compiled("before"), compiled(image, image)) == ()


def test_a_role_that_is_written_out_is_a_note() -> None:
    moved = pipeline(processing("Write"))
    assert [(each.severity, each.code) for each in found(compiled("before"), moved)] == [
        (Severity.NOTE, "ST142")
    ]


def test_a_definition_that_was_not_compiled_anew_holds_what_it_holds() -> None:
    same = pipeline(processing("Write"))
    assert found(same, same) == ()
