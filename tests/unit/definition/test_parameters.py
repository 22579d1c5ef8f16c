"""Parameters are bound from text, as the API sends them; every problem is listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.definition import ParameterValue, bind_parameters, placeholders_for, validate_request
from seatrial.errors import DefinitionError
from seatrial.ports.findings import Finding
from tests.unit.definition.documents import ROLE, definition, get, join, output, parameter, processing, step

PIPELINE = definition(
    step("S"),
    parameters=[
        parameter("s", "String", "default"),
        parameter("i", "Integer", 1),
        parameter("f", "Float", 0.5),
        parameter("b", "Boolean", True),
        parameter("e", "String", "x", EnumValues=["x", "y"]),
    ],
)


def test_defaults_stand_where_nothing_is_given() -> None:
    assert bind_parameters(PIPELINE, {}) == {"s": "default", "i": 1, "f": 0.5, "b": True, "e": "x"}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("s", "", ""),
        ("s", "3", "3"),
        ("i", "-7", -7),
        ("i", "+7", 7),
        ("i", "007", 7),
        ("f", "2", 2.0),
        ("f", "-1.5e-3", -0.0015),
        ("f", ".5", 0.5),
        ("b", "True", True),
        ("b", "false", False),
        ("e", "y", "y"),
    ],
)
def test_text_becomes_a_value_of_the_declared_type(name: str, text: str, value: ParameterValue) -> None:
    bound = bind_parameters(PIPELINE, {name: text})[name]

    assert bound == value
    assert type(bound) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("i", "3.0", "not an integer"),
        ("i", "", "not an integer"),
        ("i", "1_000", "not an integer"),
        ("i", " 1", "not an integer"),
        ("i", "٣", "not an integer"),
        ("f", "nan", "not a number"),
        ("f", "1e999", "not a number"),
        ("f", "1,5", "not a number"),
        ("b", "yes", "not true or false"),
        ("b", "1", "not true or false"),
        ("e", "z", "not among the values"),
        ("s", "x" * 1025, "1025 characters"),
    ],
)
def test_text_that_is_no_value_is_refused(name: str, text: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said) as refused:
        bind_parameters(PIPELINE, {name: text})

    assert refused.value.slug == "invalid-parameters"
    assert refused.value.where == f"/Parameters/{'sifbe'.index(name)}"
    assert refused.value.hint


def test_every_problem_is_listed_and_near_misses_are_named() -> None:
    pipeline = definition(
        step("S", arguments=processing(Environment={"U": get("Parameters.Needed")})),
        parameters=[parameter("Needed"), parameter("Threshold", "Float", 0.5)],
    )

    with pytest.raises(DefinitionError) as refused:
        bind_parameters(pipeline, {"Treshold": "1", "Threshold": "high"})

    assert [(finding.code, finding.hint) for finding in refused.value.findings] == [
        ("ST011", "did you mean 'Threshold'?"),
        ("ST030", "add -p Needed=VALUE"),
        ("ST005", "write -p Threshold=0.5"),
    ]


@given(st.integers(-(10**18), 10**18))
def test_any_integer_survives_being_sent_as_text(number: int) -> None:
    assert bind_parameters(PIPELINE, {"i": str(number)})["i"] == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_float_survives_being_sent_as_text(number: float) -> None:
    assert bind_parameters(PIPELINE, {"f": repr(number)})["f"] == number


@given(st.text(max_size=1024))
def test_any_string_survives_being_sent(text: str) -> None:
    assert bind_parameters(PIPELINE, {"s": text})["s"] == text


@given(st.sampled_from("ifbe"), st.text(max_size=20))
def test_any_text_is_bound_or_refused_with_a_remedy(name: str, text: str) -> None:
    findings: tuple[Finding, ...] = ()
    try:
        bound = bind_parameters(PIPELINE, {name: text})
    except DefinitionError as refused:
        bound, findings = {}, refused.findings

    assert bool(bound) != bool(findings)
    assert all(finding.hint for finding in findings)


LOCKED = processing(
    RoleArn=get("Parameters.Role"),
    NetworkConfig={
        "VpcConfig": {
            "SecurityGroupIds": [get("Parameters.Group")],
            "Subnets": [get("Parameters.Subnet"), join("", get("Parameters.Subnet"))],
        }
    },
    ProcessingOutputConfig={"Outputs": [output("o")], "KmsKeyId": get("Parameters.Key")},
)
NAMES = ["Role", "Group", "Subnet", "Key"]


def test_parameters_without_default_and_without_effect_get_placeholders() -> None:
    pipeline = definition(
        step("S", arguments=LOCKED), parameters=[*map(parameter, NAMES), parameter("Unused", "Integer")]
    )

    placeholders = placeholders_for(pipeline, {})

    assert set(placeholders) == {*NAMES, "Unused"}
    assert bind_parameters(pipeline, {}) == placeholders


def test_placeholders_are_values_that_the_service_takes() -> None:
    pipeline = definition(step("S", arguments=LOCKED), parameters=[*map(parameter, NAMES)])
    values = placeholders_for(pipeline, {})
    resolved = processing(
        ProcessingJobName="job",
        RoleArn=values["Role"],
        NetworkConfig={"VpcConfig": {"SecurityGroupIds": [values["Group"]], "Subnets": [values["Subnet"]]}},
        ProcessingOutputConfig={"Outputs": [output("o")], "KmsKeyId": values["Key"]},
    )

    assert validate_request("CreateProcessingJob", resolved) == []


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(processing(Environment={"KmsKeyId": get("Parameters.P")}), id="a variable of that name"),
        pytest.param(
            LOCKED | {"RoleArn": ROLE, "Environment": {"KEY": get("Parameters.P")}},
            id="used elsewhere as well",
        ),
        pytest.param(processing(AppSpecification={"ImageUri": get("Parameters.P")}), id="the image"),
    ],
)
def test_parameters_that_count_get_none(arguments: dict[str, object]) -> None:
    pipeline = definition(
        step("S", arguments=arguments),
        parameters=[parameter("P"), *(parameter(n, "String", "x") for n in NAMES)],
    )

    assert placeholders_for(pipeline, {}) == {}


def test_a_given_value_or_a_default_goes_before_a_placeholder() -> None:
    pipeline = definition(
        step("S", arguments=LOCKED),
        parameters=[
            parameter("Role", "String", ROLE),
            parameter("Group"),
            parameter("Subnet"),
            parameter("Key"),
        ],
    )

    assert set(placeholders_for(pipeline, {"Key": "mine"})) == {"Group", "Subnet"}
    assert bind_parameters(pipeline, {"Key": "mine"})["Key"] == "mine"
