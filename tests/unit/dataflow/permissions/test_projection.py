"""A policy is projected to what the store can hold: narrower is listed, wider is told apart."""

from __future__ import annotations

import pytest

from seatrial.dataflow.permissions import PolicyText, read_role
from seatrial.dataflow.permissions.actions import BUCKET_ACTIONS, KNOWN_ACTIONS
from seatrial.dataflow.permissions.document import Condition
from seatrial.errors import RefusedError
from tests.unit.dataflow.permissions.policies import CALLER, allow, deny, policy, projected


def test_statements_of_other_services_are_set_aside() -> None:
    found = projected(
        allow(["sagemaker:*", "ecr:*"], Sid="Jobs"), allow("iam:PassRole", Condition={"A": {"b": "c"}})
    )
    assert found.statements == ()
    assert found.others == ("Jobs in role.json", "statement 2 of role.json")
    assert found.wider == found.narrower == ()


def test_actions_are_spelt_out_whatever_their_case_and_wildcards() -> None:
    (statement,) = projected(allow(["S3:getobject", "s3:List*"])).statements
    assert {"GetObject", "ListBucket", "ListAllMyBuckets"} <= statement.actions
    assert "PutObject" not in statement.actions


def test_excepted_actions_are_all_the_others() -> None:
    (statement,) = projected({"Effect": "Allow", "NotAction": "s3:Delete*", "Resource": "*"}).statements
    assert statement.actions == {name for name in KNOWN_ACTIONS if not name.startswith("Delete")}


def test_an_action_that_the_store_lacks_narrows_an_allow_and_widens_a_deny() -> None:
    found = projected(allow(["s3:GetBucketAcl", "s3:GetObject"], Sid="A"), deny("s3:PutObjectAcl", Sid="D"))
    assert found.narrower == ("A in role.json: the local store has no s3:GetBucketAcl",)
    assert found.wider == ("D in role.json: the local store has no s3:PutObjectAcl",)


def test_a_listing_is_not_allowed_by_the_objects_of_a_bucket() -> None:
    (statement,) = projected(allow(["s3:ListBucket", "s3:GetObject"], "arn:aws:s3:::b/*")).statements
    assert statement.actions == {"GetObject"}


def test_objects_are_not_allowed_by_their_bucket() -> None:
    (statement,) = projected(allow("s3:*", "arn:aws:s3:::b")).statements
    assert statement.actions == BUCKET_ACTIONS


def test_a_bucket_pattern_ends_where_the_buckets_name_does() -> None:
    """The store compares `bucket/`: of `b?*` the sign for one character would stand for that slash."""
    (statement,) = projected(allow("s3:ListBucket", ["arn:aws:s3:::*-data", "arn:aws:s3:::b?*"])).statements
    assert statement.resources == ("arn:aws:s3:::*-data/", "arn:aws:s3:::b?*/")


def test_excepted_resources_except_only_what_they_can_mean() -> None:
    found = projected(
        {"Effect": "Deny", "Action": "s3:*", "NotResource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}
    )
    objects, buckets = found.statements
    assert (objects.resources, objects.except_resources) == (("arn:aws:s3:::b/*",), True)
    assert (buckets.resources, buckets.except_resources) == (("arn:aws:s3:::b",), True)


def test_arns_of_other_partitions_mean_the_same_bucket() -> None:
    (statement,) = projected(allow("s3:GetObject", ["arn:aws-cn:s3:::b/*", "arn:*:s3:::c/*"])).statements
    assert statement.resources == ("arn:aws:s3:::b/*", "arn:aws:s3:::c/*")


def test_an_access_point_is_not_here() -> None:
    found = projected(allow("s3:GetObject", "arn:aws:s3:us-east-1:123456789012:accesspoint/a/object/*"))
    assert found.statements == ()
    assert "accesspoint" in found.narrower[0]


def test_a_wildcard_in_the_place_of_colons_is_everything_or_cannot_be_told() -> None:
    (statement,) = projected(allow("s3:GetObject", "arn:aws:s3*")).statements
    assert statement.resources == ("arn:aws:s3:::*",)
    assert projected(deny("s3:GetObject", "arn:aws:*/train/*")).wider


def test_variables_with_a_known_value_are_filled_in() -> None:
    (statement,) = projected(allow("s3:GetObject", "arn:aws:s3:::data-${aws:PrincipalAccount}/*")).statements
    assert statement.resources == ("arn:aws:s3:::data-123456789012/*",)


def test_a_variable_without_a_value_narrows_an_allow_and_widens_a_deny() -> None:
    place = "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"
    assert projected(allow("s3:GetObject", place)).narrower
    assert projected(deny("s3:GetObject", place)).wider
    assert projected({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": place}).wider


@pytest.mark.parametrize("operator", ["Bool", "BoolIfExists"])
def test_a_deny_without_tls_denies_nothing(operator: str) -> None:
    found = projected(deny("s3:*", Condition={operator: {"aws:SecureTransport": "false"}}))
    assert (found.statements, found.wider) == ((), ())


@pytest.mark.parametrize(
    ("operator", "key", "value", "holds"),
    [
        ("StringEquals", "aws:RequestedRegion", "us-east-1", True),
        ("StringNotEquals", "aws:RequestedRegion", ["eu-west-1", "eu-north-1"], True),
        ("StringLike", "aws:RequestedRegion", "eu-*", False),
        ("StringEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}", True),
        ("StringEquals", "s3:ResourceAccount", "210987654321", False),
        ("Bool", "aws:MultiFactorAuthPresent", "true", False),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", "true", True),
        ("Null", "aws:MultiFactorAuthAge", "true", True),
        ("StringNotEquals", "aws:SourceAccount", "1", True),
        ("ForAllValues:StringEquals", "aws:username", "a", True),
        ("ForAnyValue:StringEquals", "aws:username", "a", False),
        ("StringEqualsIgnoreCase", "aws:PrincipalType", "assumedrole", True),
    ],
)
def test_what_is_known_of_a_job_decides_a_condition(
    operator: str, key: str, value: object, holds: bool
) -> None:
    found = projected(allow("s3:GetObject", Condition={operator: {key: value}}))
    assert bool(found.statements) is holds
    assert all(statement.conditions == () for statement in found.statements)


@pytest.mark.parametrize(
    ("operator", "key"),
    [
        ("StringEquals", "aws:SourceVpce"),
        ("StringEquals", "aws:PrincipalOrgID"),
        ("IpAddress", "aws:SourceIp"),
        ("StringEquals", "s3:x-amz-server-side-encryption"),
        ("StringEquals", "aws:PrincipalTag/team"),
        ("Sounds", "s3:prefix"),
    ],
)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_condition_that_nobody_can_decide_would_widen_the_policy(
    operator: str, key: str, effect: str
) -> None:
    found = projected(allow("s3:GetObject", Condition={operator: {key: "x"}}) | {"Effect": effect})
    assert found.statements == ()
    assert len(found.wider) == 1


def test_a_condition_that_the_store_compares_goes_to_the_store() -> None:
    condition = {"StringEqualsIgnoreCase": {"s3:existingobjecttag/SageMaker": "true"}}
    (statement,) = projected(allow("s3:GetObject", Condition=condition)).statements
    wanted = Condition("StringEqualsIgnoreCase", "s3:ExistingObjectTag/SageMaker", ("true",))
    assert statement.conditions == (wanted,)


def test_a_key_that_a_request_never_bears_is_absent_for_it() -> None:
    found = projected(
        allow(["s3:ListBucket", "s3:GetObject"], Condition={"StringLike": {"s3:prefix": "a/*"}})
    )
    assert [statement.actions for statement in found.statements] == [{"ListBucket"}]
    negated = projected(deny("s3:*", Condition={"StringNotLike": {"s3:prefix": "a/*"}}))
    plain = [statement for statement in negated.statements if not statement.conditions]
    assert {"GetObject", "PutObject"} <= plain[0].actions


def test_a_condition_on_what_may_be_absent_is_two_statements() -> None:
    found = projected(allow("s3:ListBucket", Condition={"StringLikeIfExists": {"s3:prefix": "a/*"}}))
    assert [statement.conditions[0].operator for statement in found.statements] == ["StringLike", "Null"]


def test_a_policy_that_would_be_wider_refuses_the_run() -> None:
    text = policy(allow("s3:GetObject", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}))
    with pytest.raises(RefusedError, match="would allow more here than on AWS") as refused:
        read_role((text,), CALLER)
    assert refused.value.slug == "role-policy-looser"


def test_documents_are_cut_where_the_store_takes_no_more() -> None:
    role = read_role((policy(*(allow("s3:GetObject", f"arn:aws:s3:::b{n}/*") for n in range(50))),), CALLER)
    documents = role.documents(1000)
    assert len(documents) > 1
    assert all(len(document) <= 1000 for document in documents)
    assert sum(document.count("GetObject") for document in documents) == 50
    with pytest.raises(RefusedError, match="larger than the 100 bytes"):
        role.documents(100)


def test_the_text_is_kept_as_it_was_given() -> None:
    text = policy(allow("s3:GetObject"))
    assert read_role((text,), CALLER).texts == (PolicyText("role.json", text.text),)


def test_an_allow_of_everything_allows_no_more_than_is_known() -> None:
    """The store has a permission of its own for HeadBucket: with `s3:*` no Deny of ListBucket held it."""
    (statement,) = projected(allow("s3:*")).statements
    assert statement.as_json()["Action"] == [f"s3:{name}" for name in sorted(KNOWN_ACTIONS)]
    (denial,) = projected(deny("s3:*")).statements
    assert denial.as_json()["Action"] == ["s3:*"]


def test_a_pattern_of_one_character_may_mean_the_slash_before_a_key() -> None:
    (statement,) = projected(deny("s3:GetObject", "arn:aws:s3:::b?a.csv")).statements
    assert statement.resources == ("arn:aws:s3:::b?a.csv",)


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
@pytest.mark.parametrize(
    "conditions",
    [
        {"StringLike": {"s3:prefix": "a/*", "S3:Prefix": "b/*"}},
        {"StringLike": {"s3:prefix": "a/*"}, "StringLikeIfExists": {"s3:prefix": "b/*"}},
        {"StringLike": {"s3:prefix": "a/*"}, "ArnLike": {"s3:prefix": "b/*"}},
        {"StringNotLike": {"s3:prefix": ["a/*", "${aws:username}/*"]}},
        {"NumericNotEquals": {"s3:max-keys": ["5", "7"]}},
        {"NumericLessThan": {"s3:max-keys": "few"}},
        {"ForAllValues:StringLike": {"s3:prefix": "${aws:username}/*"}},
        {"StringLikeIfExists": {"s3:prefix": "${aws:username}/*"}},
        {"ForAllValues:StringNotEquals": {"s3:prefix": "a/"}},
        {"ForAnyValue:StringNotLike": {"s3:prefix": "a/*"}},
        {"DateLessThan": {"aws:CurrentTime": "tomorrow"}},
    ],
)
def test_what_the_store_would_not_compare_as_iam_does_refuses_the_run(
    conditions: dict[str, object], effect: str
) -> None:
    found = projected({**allow("s3:ListBucket", Condition=conditions), "Effect": effect})
    assert len(found.wider) == 1


def test_a_condition_of_which_no_value_is_left_never_holds() -> None:
    mine = {"StringLike": {"s3:prefix": "home/${aws:username}/*"}}
    found = projected(allow("s3:ListBucket", Condition=mine))
    assert (found.statements, found.wider) == ((), ())


def test_a_condition_said_twice_is_one() -> None:
    twice = {"StringLike": {"s3:prefix": "a/*"}, "ArnLike": {"s3:prefix": "a/*"}}
    (statement,) = projected(allow("s3:ListBucket", Condition=twice)).statements
    assert len(statement.conditions) == 1


@pytest.mark.parametrize(("values", "left"), [(["true", "false"], ()), (["true", True], ("true",))])
def test_null_has_one_value_or_always_holds(values: list[object], left: tuple[str, ...]) -> None:
    (statement,) = projected(allow("s3:ListBucket", Condition={"Null": {"s3:prefix": values}})).statements
    assert tuple(value for each in statement.conditions for value in each.values) == left


def test_reading_versions_allows_no_reading_of_objects() -> None:
    found = projected(allow(["s3:GetObjectVersion", "s3:PutObject"]), allow("s3:GetObjectVersion"))
    assert [statement.actions for statement in found.statements] == [{"PutObject"}]
    assert len(found.narrower) == 2
    both = projected(allow(["s3:GetObjectVersion", "s3:GetObject"]))
    assert both.statements[0].actions == {"GetObject", "GetObjectVersion"}
    denied = projected(deny("s3:GetObjectVersion"))
    assert denied.statements[0].actions == {"GetObjectVersion"}
    assert "denied too" in denied.narrower[0]


def test_a_number_that_is_absent_is_not_equal_to_any() -> None:
    """The store itself takes NumericNotEquals of an absent key for false: a Deny would deny nothing."""
    found = projected(deny("s3:ListBucket", Condition={"NumericNotEquals": {"s3:max-keys": "5"}}))
    operators = [statement.conditions[0].operator for statement in found.statements]
    assert operators == ["NumericNotEquals", "Null"]


@pytest.mark.parametrize("resource", ["arn:aws:s3:::", "arn:aws:s3:::/train/*"])
def test_a_resource_without_a_bucket_names_nothing(resource: str) -> None:
    """The store takes no policy that has one."""
    assert projected(allow("s3:*", resource), deny("s3:*", resource)).statements == ()
