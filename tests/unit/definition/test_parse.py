"""Definitions are read whole, and refused whole: every fault in one report, each with its place."""

from __future__ import annotations

import json

import pytest

from seatrial.definition import MISSING, CacheConfig, Dependency, Json, PropertyFile, RetryPolicy, parse
from seatrial.errors import DefinitionError
from seatrial.ports.findings import Finding
from tests.unit.definition.documents import definition, document, parameter, processing, step


def faults(written: Json) -> list[Finding]:
    with pytest.raises(DefinitionError) as refused:
        parse(json.dumps(written))
    return list(refused.value.findings)


def test_keeps_everything_that_a_step_says() -> None:
    pipeline = definition(
        step(
            "Work",
            DisplayName="work v1.0",
            Description="works",
            DependsOn=["Before"],
            CacheConfig={"Enabled": True, "ExpireAfter": "30dT5h"},
            PropertyFiles=[{"PropertyFileName": "R", "OutputName": "o", "FilePath": "a/r.json"}],
            RetryPolicies=[{"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 3, "BackoffRate": 1.5}],
        ),
        step("Before"),
    )

    work = pipeline.step("Work")

    assert work is not None
    assert (work.display_name, work.description, work.depends_on) == (
        "work v1.0",
        "works",
        (Dependency("Before"),),
    )
    assert work.cache_config == CacheConfig(enabled=True, expire_after="30dT5h")
    assert work.property_files == (PropertyFile("R", "o", "a/r.json"),)
    assert work.retry_policies == (RetryPolicy(("Step.THROTTLING",), 1.0, 1.5, 3, None),)
    assert work.pointer == "/Steps/0"
    assert work.arguments == processing()


def test_a_dependency_may_wait_for_another_end_than_success() -> None:
    entries = ["A", {"Step": "A", "Trigger": "Failed"}, {"Step": "A", "Trigger": "Any"}]

    work = definition(step("A"), step("Work", DependsOn=entries)).step("Work")

    assert work is not None
    assert work.depends_on == (Dependency("A"), Dependency("A", "Failed"), Dependency("A", "Any"))


@pytest.mark.parametrize(
    ("entry", "said", "where"),
    [
        (3, "DependsOn holds a number where a string is expected", "/Steps/1/DependsOn/0"),
        ({"Step": "A"}, "Trigger is missing", "/Steps/1/DependsOn/0"),
        ({"Trigger": "Any"}, "Step is missing", "/Steps/1/DependsOn/0"),
        ({"Step": "A", "Trigger": "Late"}, "there is no trigger 'Late'", "/Steps/1/DependsOn/0/Trigger"),
        ({"Step": "A", "Trigger": "Any", "On": 1}, "unknown property 'On'", "/Steps/1/DependsOn/0/On"),
    ],
)
def test_a_dependency_that_cannot_be_read_is_told_with_its_place(entry: Json, said: str, where: str) -> None:
    (fault,) = faults(document(step("A"), step("Work", DependsOn=[entry])))

    assert said in fault.message
    assert fault.where == where


def test_keeps_the_keys_that_only_one_type_has() -> None:
    pipeline = definition(
        step("Ask", "Callback", {"question": 1}, SqsQueueUrl="https://queue", OutputParameters=[]),
        step("Call", "Lambda", {}, FunctionArn="arn:aws:lambda:us-east-1:123456789012:function:f"),
    )

    assert [s.raw.get("SqsQueueUrl") or s.raw.get("FunctionArn") for s in pipeline.steps] == [
        "https://queue",
        "arn:aws:lambda:us-east-1:123456789012:function:f",
    ]


def test_reads_the_steps_of_both_branches_with_their_place() -> None:
    arguments = {"Conditions": [], "IfSteps": [step("Yes")], "ElseSteps": [step("No", "Fail", {})]}
    pipeline = definition(step("Decide", "Condition", arguments), step("After"))

    assert [(s.name, s.parent, s.branch) for s in pipeline.all_steps()] == [
        ("Decide", None, None),
        ("Yes", "Decide", "IfSteps"),
        ("No", "Decide", "ElseSteps"),
        ("After", None, None),
    ]
    assert [s.name for s in pipeline.steps] == ["Decide", "After"]
    yes = pipeline.step("Yes")
    assert yes is not None
    assert yes.pointer == "/Steps/0/Arguments/IfSteps/0"


def test_tells_an_absent_default_from_every_other_value() -> None:
    pipeline = definition(
        step("S"),
        parameters=[
            parameter("none"),
            parameter("empty", "String", ""),
            parameter("zero", "Integer", 0),
            parameter("whole", "Float", 2),
            parameter("no", "Boolean", False),
        ],
    )

    assert [p.default for p in pipeline.parameters] == [MISSING, "", 0, 2.0, False]
    assert isinstance(pipeline.parameters[3].default, float)


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"MlflowConfig": None}, id="null MlflowConfig"),
        pytest.param({"MlflowConfig": {"MlflowResourceArn": "arn:aws:x"}}, id="MlflowConfig"),
        pytest.param({"PipelineExperimentConfig": None}, id="null experiment"),
        pytest.param(
            {"PipelineExperimentConfig": {"ExperimentName": {"Get": "Execution.PipelineName"}}},
            id="experiment with an expression",
        ),
        pytest.param({"Parameters": None}, id="null parameters"),
    ],
)
def test_accepts_what_the_sdks_write_at_the_top(extra: dict[str, Json]) -> None:
    assert parse(json.dumps(document(step("S")) | extra)).steps[0].name == "S"


@pytest.mark.parametrize(
    ("written", "code", "where", "said", "hint"),
    [
        pytest.param([], "ST002", "", "Expecting start of Json Object", "object", id="a list"),
        pytest.param(
            document(step("S"), Step=[]),
            "ST003",
            "/Step",
            "Unable to parse pipeline definition. Cannot parse object, unknown property 'Step'.",
            "did you mean 'Steps'?",
            id="unknown key at the top",
        ),
        pytest.param(
            document(step("S", DependOn=[])),
            "ST003",
            "/Steps/0/DependOn",
            "unknown property 'DependOn'",
            "did you mean 'DependsOn'?",
            id="unknown key of a step",
        ),
        pytest.param(
            document(step("S", SqsQueueUrl="x")),
            "ST003",
            "/Steps/0/SqsQueueUrl",
            "unknown property 'SqsQueueUrl'",
            "remove it",
            id="key of another step type",
        ),
        pytest.param(
            document(step("S")) | {"Version": "2020-12-02"},
            "ST004",
            "/Version",
            "'2020-12-02' is not known",
            "2020-12-01",
            id="version",
        ),
        pytest.param(document(), "ST002", "/Steps", "no steps", "add a step", id="no steps"),
        pytest.param(
            document(step("S")) | {"Steps": {}},
            "ST002",
            "/Steps",
            "Expecting start of Json Array",
            "[…]",
            id="steps no list",
        ),
        pytest.param(
            document(step("S", DependsOn=[1])),
            "ST002",
            "/Steps/0/DependsOn/0",
            "a number",
            "string",
            id="dependency",
        ),
        pytest.param(
            document({"Name": "S", "Type": "Processing"}),
            "ST002",
            "/Steps/0",
            "Arguments is missing",
            "add",
            id="no Arguments",
        ),
        pytest.param(document(step("a.b")), "ST006", "/Steps/0/Name", "'a.b'", "letters", id="step name"),
        pytest.param(document(step("a" * 65)), "ST006", "/Steps/0/Name", "not allowed", "64", id="long name"),
        pytest.param(
            document(step("S", Description="x" * 3073)),
            "ST007",
            "/Steps/0/Description",
            "3073",
            "3072",
            id="description",
        ),
        pytest.param(
            document(step("S"), parameters=[parameter("p", "Int", 1)]),
            "ST005",
            "/Parameters/0/Type",
            "'Int'",
            "did you mean 'Integer'?",
            id="parameter type",
        ),
        pytest.param(
            document(step("S"), parameters=[parameter("p", "Integer", True)]),
            "ST005",
            "/Parameters/0/DefaultValue",
            "a boolean, not an Integer",
            "an Integer",
            id="boolean for an integer",
        ),
        pytest.param(
            document(step("S"), parameters=[parameter("p", "Float", 10**400)]),
            "ST005",
            "/Parameters/0/DefaultValue",
            "not a Float",
            "a Float",
            id="number beyond any float",
        ),
        pytest.param(
            document(step("S"), parameters=[parameter("p", "String", None)]),
            "ST005",
            "/Parameters/0/DefaultValue",
            "null, not a String",
            "a String",
            id="null default",
        ),
        pytest.param(
            document(step("S"), parameters=[parameter("p", "String", "c", EnumValues=["a", "b"])]),
            "ST005",
            "/Parameters/0/DefaultValue",
            "not among its EnumValues",
            "a, b",
            id="default outside the enumeration",
        ),
        pytest.param(
            document(step("S"), parameters=[parameter(f"p{i}", "Integer", i) for i in range(201)]),
            "ST007",
            "/Parameters",
            "201 parameters",
            "merge",
            id="too many parameters",
        ),
        pytest.param(
            document(step("S", CacheConfig={"Enabled": True, "ExpireAfter": "soon"})),
            "ST008",
            "/Steps/0/CacheConfig/ExpireAfter",
            "'soon'",
            "P30D",
            id="duration",
        ),
        pytest.param(
            document(step("S", RetryPolicies=[{"ExceptionType": ["Step.THROTTLE"]}])),
            "ST008",
            "/Steps/0/RetryPolicies/0/ExceptionType/0",
            "'Step.THROTTLE'",
            "did you mean 'Step.THROTTLING'?",
            id="exception type",
        ),
        pytest.param(
            document(step("S", RetryPolicies=[{"ExceptionType": [], "MaxAttempts": 1, "ExpireAfterMin": 1}])),
            "ST008",
            "/Steps/0/RetryPolicies/0",
            "exclude each other",
            "keep one",
            id="two limits of one retry policy",
        ),
    ],
)
def test_one_fault_gives_one_finding_with_place_and_remedy(
    written: Json, code: str, where: str, said: str, hint: str
) -> None:
    (finding,) = faults(written)

    assert (finding.code, finding.where) == (code, where)
    assert said in finding.message
    assert hint in finding.hint


def test_all_faults_come_in_one_report() -> None:
    found = faults(
        document(
            step("a b"),
            step("S", Foo=1),
            step("S"),
            parameters=[parameter("p", "Int"), parameter("q q")],
            Bar=1,
        )
    )

    assert sorted(finding.code for finding in found) == ["ST003", "ST003", "ST005", "ST006", "ST006", "ST006"]


DURATIONS = ["PT1H", "P30d", "30d", "5y", "T16m", "30dT5h", "p30d", "P4DT12H", "T12H", "7d", "PT12H"]


@pytest.mark.parametrize("text", DURATIONS)
def test_takes_every_duration_that_aws_writes(text: str) -> None:
    cached = definition(step("S", CacheConfig={"Enabled": True, "ExpireAfter": text})).steps[0].cache_config

    assert cached == CacheConfig(enabled=True, expire_after=text)


@pytest.mark.parametrize("text", ["", "P", "T", "PT", "30", "1h", "d30"])
def test_refuses_what_is_no_duration(text: str) -> None:
    (finding,) = faults(document(step("S", CacheConfig={"Enabled": True, "ExpireAfter": text})))

    assert finding.code == "ST008"


def branches(one: list[Json], other: list[Json]) -> Json:
    return step("Decide", "Condition", {"Conditions": [], "IfSteps": one, "ElseSteps": other})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(document(step("S"), step("S")), "used twice", id="top level"),
        pytest.param(
            document(branches([step("S")], [step("S")])),
            "twice inside condition 'Decide'",
            id="both branches",
        ),
        pytest.param(
            document(step("S"), branches([step("S")], [])),
            "top level and inside a condition",
            id="also at the top",
        ),
        pytest.param(
            document(branches([step("Decide")], [])), "top level and inside", id="its own condition"
        ),
    ],
)
def test_a_step_name_used_twice_is_refused_with_both_places(written: Json, said: str) -> None:
    (finding,) = faults(written)

    assert said in finding.message
    assert finding.where != finding.also
    assert finding.also is not None
