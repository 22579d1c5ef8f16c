"""A policy is read whichever way it was exported."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from seatrial.dataflow.permissions import PolicyText, read_policies
from seatrial.errors import RefusedError
from tests.unit.dataflow.permissions.policies import allow, policy

_DOCUMENT = {"Version": "2012-10-17", "Statement": allow("s3:GetObject", "arn:aws:s3:::b/*", Sid="Reads")}


@pytest.mark.parametrize(
    "content",
    [
        _DOCUMENT,
        {**_DOCUMENT, "Statement": [_DOCUMENT["Statement"]]},
        {"RoleName": "r", "PolicyName": "p", "PolicyDocument": _DOCUMENT},
        {"PolicyDocument": quote(json.dumps(_DOCUMENT))},
        {"PolicyVersion": {"Document": _DOCUMENT, "VersionId": "v3", "IsDefaultVersion": True}},
        {"PolicyVersion": {"Document": quote(json.dumps(_DOCUMENT))}},
        [_DOCUMENT],
    ],
)
def test_a_document_is_found_however_it_was_exported(content: object) -> None:
    (statement,) = read_policies((PolicyText("role.json", json.dumps(content)),))
    assert statement.name == "Reads in role.json"
    assert statement.actions == ("s3:GetObject",)
    assert statement.resources == ("arn:aws:s3:::b/*",)


def test_a_statement_without_sid_is_called_by_its_place() -> None:
    statements = read_policies((policy(allow("s3:*"), allow("s3:GetObject")),))
    assert [each.name for each in statements] == ["statement 1 of role.json", "statement 2 of role.json"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "it is not JSON"),
        ("Version: 2012-10-17", "it is not JSON"),
        ('{"Statement": [], "Statement": []}', "Statement is there twice"),
        ('{"Version": "2012-10-18", "Statement": []}', "2012-10-18 is no version of a policy"),
        (
            '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::${aws:userid}"}}',
            "without the Version 2012-10-17",
        ),
        ('{"Statement": {"Effect": "Deny", "Action": "GetObject", "Resource": "*"}}', "GetObject in Action"),
        (
            '{"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*",'
            ' "Condition": {"StringEquals": {"s3:prefix": []}}}}',
            "has no value",
        ),
        ("{}", "it has no Statement"),
        ("[]", "it has no Statement"),
        ('{"Statement": [1]}', "is not an object"),
        ('{"Statement": {"Effect": "Allow", "Action": "s3:*"}}', "needs either Resource or NotResource"),
        (
            '{"Statement": {"Effect": "allow", "Action": "s3:*", "Resource": "*"}}',
            "no Effect of Allow or Deny",
        ),
        (
            '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}',
            "bucket's or a trust policy",
        ),
        ('{"Statement": {"Effect": "Allow", "Actions": "s3:*", "Resource": "*"}}', "Actions, which IAM"),
        ('{"Statement": {"Effect": "Allow", "Action": [], "Resource": "*"}}', "is not a text or a list"),
        (
            '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": 1}}',
            "Condition",
        ),
        ('{"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*/a"}}', "neither an ARN nor"),
        ('{"PolicyDocument": "%7B"}', "its document is not JSON"),
    ],
)
def test_what_is_no_identity_policy_is_refused_with_its_place(content: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why) as refused:
        read_policies((PolicyText("role.json", content),))
    assert refused.value.where == "role.json"
