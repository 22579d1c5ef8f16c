"""Whatever the policy, its projection allows what IAM would allow of it: no more, and no less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seatrial.dataflow.permissions import Question, judged
from seatrial.dataflow.permissions.actions import BUCKET_ACTIONS, matches
from tests.unit.dataflow.permissions.policies import deny, projected

_ACTIONS = ["s3:*", "*", "s3:Get*", "s3:getobject", "s3:PutObject", "s3:ListBucket", "s3:?etObject", "ecr:*"]
_NAMES = ["b", "b*", "b/*", "b/a*", "*", "*/x", "?", "b?", "bb/*", "b/?/x", "*b"]
_ARNS = [f"arn:aws:s3:::{name}" for name in _NAMES] + ["*", "arn:aws:sqs:us-east-1:1:q"]
_CALLS = [
    ("s3:GetObject", "b", "a/x"),
    ("s3:GetObject", "bb", "x"),
    ("s3:PutObject", "b", "x"),
    ("s3:PutObject", "b", "a"),
    ("s3:ListBucket", "b", ""),
    ("s3:ListBucket", "bb", ""),
]

_statements = st.builds(
    lambda effect, actions, resources, no_actions, no_resources: {
        "Effect": effect,
        "NotAction" if no_actions else "Action": actions,
        "NotResource" if no_resources else "Resource": resources,
    },
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.lists(st.sampled_from(_ACTIONS), min_size=1, max_size=3),
    st.lists(st.sampled_from(_ARNS), min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
)


def _as_iam(statements: list[Mapping[str, Any]], action: str, bucket: str, key: str) -> bool:
    """IAM's own rules, over the statements as they were written."""
    arn = f"arn:aws:s3:::{bucket}" if action[3:] in BUCKET_ACTIONS else f"arn:aws:s3:::{bucket}/{key}"
    effects = [each["Effect"] for each in statements if _applies(each, action, arn)]
    return "Allow" in effects and "Deny" not in effects


def _applies(statement: Mapping[str, Any], action: str, arn: str) -> bool:
    def meant(member: str, text: str, *, ignoring_case: bool) -> bool:
        patterns = statement.get(member) or statement[f"Not{member}"]
        found = any(matches(pattern, text, ignoring_case=ignoring_case) for pattern in patterns)
        return found is (member in statement)

    return meant("Action", action, ignoring_case=True) and meant("Resource", arn, ignoring_case=False)


@given(st.lists(_statements, max_size=4), st.sampled_from(_CALLS))
def test_a_policy_without_conditions_allows_what_iam_allows(
    statements: list[Mapping[str, Any]], call: tuple[str, str, str]
) -> None:
    action, bucket, key = call
    found = projected(*statements)
    assert found.wider == ()
    answer = judged(found.statements, Question(action, bucket, key)).answer
    assert answer == ("allowed" if _as_iam(statements, action, bucket, key) else "denied")


@given(st.lists(_statements, max_size=4), _statements, st.sampled_from(_CALLS))
def test_another_deny_never_allows_more(
    statements: list[Mapping[str, Any]], another: Mapping[str, Any], call: tuple[str, str, str]
) -> None:
    question = Question(*call)
    before = judged(projected(*statements).statements, question).answer
    after = judged(projected(*statements, {**another, "Effect": "Deny"}).statements, question).answer
    assert before == "allowed" or after == "denied"


def test_a_policy_that_denies_everything_allows_nothing() -> None:
    found = projected(deny("*"))
    assert all(judged(found.statements, Question(*call)).answer == "denied" for call in _CALLS)
