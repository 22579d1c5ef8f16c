"""What a policy allows, and which statement says so."""

from __future__ import annotations

import pytest

from seatrial.dataflow.permissions import Question, judged
from tests.unit.dataflow.permissions.policies import allow, deny, projected

_READ = Question("s3:GetObject", "b", "a/x.csv")
_TAGGED = {"StringEquals": {"s3:ExistingObjectTag/SageMaker": "true"}}


@pytest.mark.parametrize(
    ("statements", "answer", "by"),
    [
        ([], "denied", None),
        ([allow("s3:GetObject", "arn:aws:s3:::b/a/*", Sid="A")], "allowed", "A in role.json"),
        ([allow("s3:GetObject", "arn:aws:s3:::b/b/*")], "denied", None),
        ([allow("s3:PutObject", "arn:aws:s3:::b/*")], "denied", None),
        ([allow("s3:*"), deny("s3:GetObject", "arn:aws:s3:::b/*", Sid="D")], "denied", "D in role.json"),
        ([allow("s3:GetObject", Condition=_TAGGED, Sid="T")], "open", "T in role.json"),
        ([allow("s3:*", Sid="A"), allow("s3:GetObject", Condition=_TAGGED)], "allowed", "A in role.json"),
        ([allow("s3:*"), deny("s3:GetObject", Condition=_TAGGED, Sid="D")], "open", "D in role.json"),
        ([deny("s3:GetObject", Condition=_TAGGED)], "denied", None),
    ],
)
def test_a_deny_weighs_more_than_an_allow_and_an_allow_more_than_nothing(
    statements: list[dict[str, object]], answer: str, by: str | None
) -> None:
    verdict = judged(projected(*statements).statements, _READ)
    assert (verdict.answer, verdict.statement) == (answer, by)


@pytest.mark.parametrize(
    ("prefix", "answer"), [("home/me/x", "allowed"), ("home/you", "denied"), (None, "denied")]
)
def test_a_listing_is_judged_by_its_prefix(prefix: str | None, answer: str) -> None:
    found = projected(allow("s3:ListBucket", Condition={"StringLike": {"s3:prefix": "home/me/*"}}))
    question = Question("s3:ListBucket", "b", context={"s3:prefix": prefix})
    assert judged(found.statements, question).answer == answer
