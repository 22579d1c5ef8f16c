"""Two requests have one key exactly if they agree in all that the service compares."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seatrial.execution.cache_keys import COMPARED, cache_key, compared, first_difference

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)
types = st.sampled_from(sorted(COMPARED))
NOT_COMPARED = [
    *("ProcessingOutputConfig", "ProcessingResources", "OutputDataConfig", "ResourceConfig", "RoleArn"),
    *("StoppingCondition", "Tags", "NetworkConfig", "TransformOutput", "TransformResources"),
    *("ProcessingJobName", "TrainingJobName", "TransformJobName"),
]


@st.composite
def requests(draw: st.DrawFn, step_type: str) -> dict[str, Any]:
    members = st.sampled_from(COMPARED[step_type])
    return draw(st.dictionaries(members, JSON, max_size=4))


def shuffled(value: Any, data: st.DataObject) -> Any:
    """The same value with every object's keys in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], data) for key in data.draw(st.permutations(sorted(value)))}
    return [shuffled(item, data) for item in value] if isinstance(value, list) else value


@given(types, st.data())
def test_the_order_of_keys_does_not_matter(step_type: str, data: st.DataObject) -> None:
    request = data.draw(requests(step_type))

    assert cache_key(step_type, shuffled(request, data)) == cache_key(step_type, request)


@given(types, st.data())
def test_any_compared_argument_changes_it(step_type: str, data: st.DataObject) -> None:
    request = data.draw(requests(step_type))
    member = data.draw(st.sampled_from(COMPARED[step_type]))
    value = data.draw(JSON)
    assume(json.dumps(value) != json.dumps(request.get(member)))

    other = {**request, member: value}
    same = json.dumps(compared(step_type, other), sort_keys=True) == json.dumps(
        compared(step_type, request), sort_keys=True
    )
    assert (cache_key(step_type, other) == cache_key(step_type, request)) is same


@given(types, st.data(), st.sampled_from(NOT_COMPARED), JSON)
def test_nothing_else_does(step_type: str, data: st.DataObject, member: str, value: Any) -> None:
    request = data.draw(requests(step_type))

    assert cache_key(step_type, {**request, member: value}) == cache_key(step_type, request)


@given(types, st.data())
def test_a_request_that_was_kept_as_text_has_the_key_that_it_had(step_type: str, data: st.DataObject) -> None:
    request = data.draw(requests(step_type))

    assert cache_key(step_type, json.loads(json.dumps(request))) == cache_key(step_type, request)


@given(types, st.data())
def test_different_keys_have_a_first_difference_and_equal_ones_none(
    step_type: str, data: st.DataObject
) -> None:
    one, other = (compared(step_type, data.draw(requests(step_type))) for _ in range(2))

    found = first_difference(one, other)

    same = cache_key(step_type, one) == cache_key(step_type, other)
    # Inside a value a null member is not an absent one, and is told as one.
    assert same or found is not None or _null_members(one, other)
    assert not same or found is None


def _null_members(*values: Any) -> bool:
    return any("null" in json.dumps(value) for value in values)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ("a[1].b", 2, 3)),
        ({"a": 1}, {}, ("a", 1, None)),
        ({"a": [1]}, {"a": [1, 2]}, ("a", [1], [1, 2])),
        ({"a": True}, {"a": 1}, ("a", True, 1)),
        ({"b": 1, "a": 2}, {"a": 2, "b": 1}, None),
    ],
)
def test_the_first_difference_says_where_and_what(one: Any, other: Any, found: Any) -> None:
    assert first_difference(copy.deepcopy(one), other) == found
