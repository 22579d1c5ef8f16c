"""Every reference inside a value is found, with its place."""

from __future__ import annotations

from seatrial.definition import Reference, references, step_references
from tests.unit.definition.documents import definition, get, join, step


def test_finds_references_of_every_kind_at_every_depth() -> None:
    value = {
        "a/b": [join("/", get("Parameters.P"), join("-", get("Execution.PipelineName"), 1))],
        "c": {"Std:JsonGet": {"PropertyFile": get("Steps.A.PropertyFiles.R"), "Path": "x"}},
        "d": {"Std:JsonGet": {"S3Uri": join("", get("Steps.B.Outputs['o.x'][0].U")), "Path": "x"}},
    }

    found = list(references(value, "/Steps/0"))

    assert [(r.kind, r.name, r.property_path, r.pointer) for r in found] == [
        ("parameter", "P", None, "/Steps/0/a~1b/0/Std:Join/Values/0"),
        ("execution", "PipelineName", None, "/Steps/0/a~1b/0/Std:Join/Values/1/Std:Join/Values/0"),
        ("property-file", "A", "PropertyFiles.R", "/Steps/0/c/Std:JsonGet/PropertyFile"),
        ("step", "B", "Outputs['o.x'][0].U", "/Steps/0/d/Std:JsonGet/S3Uri/Std:Join/Values/0"),
    ]


def test_leaves_malformed_references_to_the_checks() -> None:
    assert (
        list(references([get("Steps.A"), get("nothing"), {"Get": 3}, {"Get": "Parameters.P", "x": 1}])) == []
    )


def test_a_condition_does_not_make_the_references_of_its_branches() -> None:
    inner = step("Inner", "Fail", {"ErrorMessage": get("Parameters.Inner")})
    condition = {"Type": "Equals", "LeftValue": get("Parameters.Own"), "RightValue": 1}
    pipeline = definition(step("C", "Condition", {"Conditions": [condition], "IfSteps": [inner]}))

    names = {s.name: [r.name for r in step_references(s)] for s in pipeline.all_steps()}

    assert names == {"C": ["Own"], "Inner": ["Inner"]}


def test_keys_of_one_step_type_hold_references_too() -> None:
    (call,) = definition(step("L", "Lambda", {}, FunctionArn=get("Parameters.Function"))).steps

    assert list(step_references(call)) == [Reference("parameter", "Function", "/Steps/0/FunctionArn")]
