"""An IAM policy document as its statements, whichever way it was exported; judges nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote

from seatrial.errors import RefusedError

Effect = Literal["Allow", "Deny"]
_VERSION = "2012-10-17"
_MEMBERS = frozenset({"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"})


@dataclass(frozen=True)
class PolicyText:
    """One policy as it was given: where it comes from, for messages, and its text."""

    source: str
    text: str


@dataclass(frozen=True)
class Condition:
    """One line of a Condition block: it holds if one of the values does."""

    operator: str
    key: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        values = json.dumps(self.values[0] if len(self.values) == 1 else list(self.values))
        return f"{self.operator} {self.key} {values}"


@dataclass(frozen=True)
class Statement:
    """One statement; with `except_actions` it means every action but those, with `except_resources` likewise.

    `name` is how messages call it.
    """

    name: str
    effect: Effect
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    except_actions: bool = False
    except_resources: bool = False


def read_policies(texts: tuple[PolicyText, ...]) -> tuple[Statement, ...]:
    """The statements of all documents, in their order; what is no identity policy is refused."""
    return tuple(statement for text in texts for statement in _statements_of(text))


def _statements_of(policy: PolicyText) -> Iterator[Statement]:
    try:
        content = _loaded(policy.text)
    except ValueError as broken:
        raise _refused(policy.source, f"it is not JSON: {broken}") from broken
    documents = list(_documents(content, policy.source))
    for document in documents:
        _check_version(document, policy.source)
        listed = document["Statement"]
        entries = listed if isinstance(listed, list) else [listed]
        for number, entry in enumerate(entries, start=1):
            yield _statement(entry, number, policy.source)


def _loaded(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_members_once)


def _members_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a member that is there twice, the first would be lost: a condition, or a Deny."""
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"{twice} is there twice in one object")
    return dict(pairs)


def _check_version(document: Mapping[str, Any], source: str) -> None:
    """An older language of policies has no variables: `${…}` means itself there."""
    version = document.get("Version", "2008-10-17")
    if version not in ("2008-10-17", _VERSION):
        raise _refused(source, f"{version} is no version of a policy")
    if version != _VERSION and "${" in json.dumps(document["Statement"]):
        raise _refused(source, f"${{…}} is no variable without the Version {_VERSION}")


def _documents(content: Any, source: str) -> Iterator[Mapping[str, Any]]:
    """The documents in a file: bare, in what the AWS CLI prints of one, or a list of such."""
    if isinstance(content, str):  # IAM's API gives documents URL-encoded, the CLI decodes them
        try:
            content = _loaded(unquote(content))
        except ValueError as broken:
            raise _refused(source, f"its document is not JSON: {broken}") from broken
    if isinstance(content, list) and content:
        for item in content:
            yield from _documents(item, source)
    elif isinstance(content, Mapping) and "Statement" in content:
        yield content
    elif isinstance(content, Mapping) and "PolicyVersion" in content:
        yield from _documents(content["PolicyVersion"], source)
    elif isinstance(content, Mapping) and ("PolicyDocument" in content or "Document" in content):
        yield from _documents(content.get("PolicyDocument") or content.get("Document"), source)
    else:
        raise _refused(source, "it has no Statement, and no PolicyDocument or PolicyVersion that has one")


def _statement(entry: Any, number: int, source: str) -> Statement:
    name = f"statement {number} of {source}"
    if not isinstance(entry, Mapping):
        raise _refused(source, f"{name} is not an object")
    if entry.get("Sid"):
        name = f"{entry['Sid']} in {source}"
    if "Principal" in entry or "NotPrincipal" in entry:
        raise _refused(source, f"{name} names a Principal, so it is a bucket's or a trust policy")
    unknown = sorted(entry.keys() - _MEMBERS)
    if unknown:
        raise _refused(source, f"{name} has {', '.join(unknown)}, which IAM does not know")
    if entry.get("Effect") not in ("Allow", "Deny"):
        raise _refused(source, f"{name} has no Effect of Allow or Deny")
    actions, except_actions = _one_of(entry, "Action", name, source)
    unfit = next((text for text in actions if text != "*" and ":" not in text), None)
    if unfit is not None:
        raise _refused(source, f"{unfit} in Action of {name} names no service, as in s3:GetObject")
    resources, except_resources = _one_of(entry, "Resource", name, source)
    if any(text != "*" and not text.startswith("arn:") for text in resources):
        raise _refused(source, f"a resource of {name} is neither an ARN nor *")
    return Statement(
        name,
        entry["Effect"],
        actions,
        resources,
        tuple(_conditions(entry.get("Condition") or {}, name, source)),
        except_actions,
        except_resources,
    )


def _one_of(entry: Mapping[str, Any], member: str, name: str, source: str) -> tuple[tuple[str, ...], bool]:
    """The texts of a member or of its opposite; whether it was the opposite."""
    given = [key for key in (member, f"Not{member}") if key in entry]
    if len(given) != 1:
        raise _refused(source, f"{name} needs either {member} or Not{member}")
    value = entry[given[0]]
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise _refused(source, f"{given[0]} of {name} is not a text or a list of texts")
    return tuple(texts), given[0] != member


def _conditions(block: Any, name: str, source: str) -> Iterator[Condition]:
    if not isinstance(block, Mapping):
        raise _refused(source, f"Condition of {name} is not an object")
    for operator, keys in block.items():
        if not isinstance(keys, Mapping):
            raise _refused(source, f"Condition {operator} of {name} is not an object")
        for key, value in keys.items():
            values = value if isinstance(value, list) else [value]
            if not values:
                raise _refused(source, f"Condition {operator} {key} of {name} has no value")
            yield Condition(operator, key, tuple(_text(each) for each in values))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _refused(source: str, why: str) -> RefusedError:
    return RefusedError(
        f"{source} is not a role's policy: {why}",
        slug="invalid-role-policy",
        where=source,
        hint="give the document of an identity policy, as `aws iam get-role-policy` or `aws iam "
        "get-policy-version` prints it",
    )
