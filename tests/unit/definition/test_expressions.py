"""Expressions get their value, however deep they are nested; what has none is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.definition import Json, evaluate
from seatrial.errors import ExpressionError
from tests.unit.definition.documents import Values, get, join

SCOPE = Values(
    parameters={"name": "n", "count": 3, "rate": 0.5, "on": True, "nothing": None},
    steps={"A": {"Outputs": [{"OutputName": "o", "S3Output": {"S3Uri": "s3://b/o"}}]}},
    files={"A/Report": {"m": [{"auc.x": 0.9}], "list": [1]}, "s3://b/o/r.json": {"v": 7}},
)


def json_get(path: Json, **source: Json) -> Json:
    return {
        "Std:JsonGet": {**(source or {"PropertyFile": get("Steps.A.PropertyFiles.Report")}), "Path": path}
    }


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param("text", "text", id="literal"),
        pytest.param(None, None, id="null"),
        pytest.param(get("Parameters.count"), 3, id="parameter keeps its type"),
        pytest.param(get("Parameters.nothing"), None, id="null is a value"),
        pytest.param(get("Execution.PipelineExecutionId"), "<PipelineExecutionId>", id="execution"),
        pytest.param(get("Steps.A.Outputs['o'].S3Output.S3Uri"), "s3://b/o", id="step property"),
        pytest.param({"a": [get("Parameters.name")]}, {"a": ["n"]}, id="inside a structure"),
        pytest.param(
            {"Get": "Parameters.name", "b": 1}, {"Get": "Parameters.name", "b": 1}, id="no expression"
        ),
        pytest.param(join("/", "a", "b"), "a/b", id="join"),
        pytest.param(join("/"), "", id="join of nothing"),
        pytest.param(join("", 1, True, False, 0.5, 5.0, None), "1truefalse0.55.0null", id="join writes text"),
        pytest.param(join("", 1e-05, 1e22, -0.0), "1e-051e+22-0.0", id="join writes the shortest float"),
        pytest.param(
            join("-", get("Parameters.count"), get("Parameters.on")), "3-true", id="join of parameters"
        ),
        pytest.param(join("/", join("-", "a", join(":", "b", 1)), "c"), "a-b:1/c", id="join in join in join"),
        pytest.param({"Std:Join": {"Values": ["a", "b"]}}, "ab", id="join on nothing"),
        pytest.param(join("", json_get("m[0]['auc.x']")), "0.9", id="property file in a join"),
        pytest.param(json_get("list"), [1], id="a list from a property file"),
        pytest.param(
            json_get("v", S3Uri=join("/", get("Steps.A.Outputs['o'].S3Output.S3Uri"), "r.json")),
            7,
            id="JSON from S3",
        ),
    ],
)
def test_evaluates(expression: Json, value: Json) -> None:
    result = evaluate(expression, SCOPE)

    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("expression", "slug"),
    [
        pytest.param(get("Parameters.other"), "undefined", id="no such parameter"),
        pytest.param(get("Steps.A.Outputs['x']"), "undefined-path", id="no such output"),
        pytest.param(get("Steps.B.X"), "undefined", id="no such step"),
        pytest.param(get("Steps.A"), "malformed-get", id="a whole step"),
        pytest.param(get("Parameter.x"), "malformed-get", id="no such root"),
        pytest.param(get("Steps.A.x[y]"), "malformed-path", id="malformed path"),
        pytest.param(
            get("Steps.A.PropertyFiles.Report"), "property-file-without-path", id="bare property file"
        ),
        pytest.param({"Std:Jion": {}}, "unknown-function", id="unknown function"),
        pytest.param({"Std:Join": ["a"]}, "malformed-join", id="join of a list"),
        pytest.param({"Std:Join": {"On": 1, "Values": []}}, "malformed-join", id="join on a number"),
        pytest.param(join("", [1]), "join-of-structure", id="join with a list inside"),
        pytest.param(join("", json_get("list")), "join-of-structure", id="join with a list from a file"),
        pytest.param(json_get("m[0].absent"), "undefined-path", id="path not in the file"),
        pytest.param(json_get("m['auc']"), "undefined-path", id="lists in files have no key fields"),
        pytest.param(json_get(join("", "a")), "malformed-json-get", id="path that is no literal"),
        pytest.param(
            json_get("a", PropertyFile=get("Steps.A.X")), "malformed-json-get", id="no property file"
        ),
        pytest.param(
            json_get("a", PropertyFile=get("Steps.A.PropertyFiles.Report"), S3Uri="s3://b/o/r.json"),
            "malformed-json-get",
            id="two sources",
        ),
        pytest.param({"Std:JsonGet": "a"}, "malformed-json-get", id="JsonGet of a string"),
    ],
)
def test_what_has_no_value_is_an_error(expression: Json, slug: str) -> None:
    with pytest.raises(ExpressionError) as undefined:
        evaluate({"deep": [expression]}, SCOPE)

    assert undefined.value.slug == slug


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
documents = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text().filter(lambda key: key != "Get" and not key.startswith("Std:")), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(documents)
def test_a_document_without_expressions_is_its_own_value(value: Json) -> None:
    assert evaluate(value, Values()) == value


@given(documents)
def test_a_value_is_the_same_through_a_parameter_or_written_out(value: Json) -> None:
    assert evaluate([get("Parameters.p")], Values(parameters={"p": value})) == [value]


@given(st.lists(st.text(), max_size=5), st.text(), st.integers(0, 5))
def test_joins_nest_without_changing_the_text(words: list[str], on: str, cut: int) -> None:
    head, tail = words[:cut], words[cut:]
    nested = join(on, *([join(on, *head)] if head else []), *tail)

    assert evaluate(nested, Values()) == on.join(words)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_joined_float_reads_back_as_the_same_number(number: float) -> None:
    assert float(evaluate(join("", number), Values())) == number
