"""What becomes of one condition of a policy here: known beforehand, carried to the store, or neither.

Known is what a job on AWS always has or never has: TLS, its region, no MFA. Carried is what the store can
compare in a request by itself. A key that a request of some action never bears counts as absent, by IAM's
own rules for absent keys. For everything else (a VPC endpoint, the organization) nobody here can say whether
it would hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from seatrial.dataflow.permissions.actions import KNOWN_ACTIONS, matches
from seatrial.dataflow.permissions.document import Condition
from seatrial.dataflow.permissions.variables import Caller, Unknown, filled

_LISTING = frozenset({"ListBucket", "ListBucketVersions"})
_TAGGING = frozenset({"PutObject", "PutObjectTagging", "PutObjectVersionTagging"})
_TAGGED = frozenset(
    [
        "DeleteObjectTagging",
        "DeleteObjectVersionTagging",
        "GetObject",
        "GetObjectAttributes",
        "GetObjectTagging",
        "GetObjectVersion",
        "GetObjectVersionAttributes",
        "GetObjectVersionTagging",
        "PutObjectTagging",
        "PutObjectVersionTagging",
    ]
)
_VERSIONS = frozenset(name for name in _TAGGED | {"DeleteObjectVersion"} if "Version" in name)

# Key in small letters, to how the store writes it and to the actions whose requests bear it.
CARRIED: Mapping[str, tuple[str, frozenset[str]]] = {
    "s3:prefix": ("s3:prefix", _LISTING),
    "s3:delimiter": ("s3:delimiter", _LISTING),
    "s3:max-keys": ("s3:max-keys", _LISTING),
    "s3:existingobjecttag/": ("s3:ExistingObjectTag/", _TAGGED),
    "s3:requestobjecttag/": ("s3:RequestObjectTag/", _TAGGING),
    "s3:requestobjecttagkeys": ("s3:RequestObjectTagKeys", _TAGGING),
    "s3:x-amz-storage-class": ("s3:x-amz-storage-class", frozenset({"PutObject"})),
    "s3:x-amz-metadata-directive": ("s3:x-amz-metadata-directive", frozenset({"PutObject"})),
    "s3:versionid": ("s3:versionid", _VERSIONS),
    "aws:currenttime": ("aws:CurrentTime", KNOWN_ACTIONS),
    "aws:epochtime": ("aws:EpochTime", KNOWN_ACTIONS),
}

_COMPARISONS = ("Equals", "Like", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
_PLAIN = frozenset(
    {"Null", "Bool", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}
    | {f"String{negation}{how}" for negation in ("", "Not") for how in _COMPARISONS[:2]}
    | {f"{kind}{how}" for kind in ("Numeric", "Date") for how in (*_COMPARISONS[2:], "Equals", "NotEquals")}
)
_ARN = {"ArnEquals": "StringLike", "ArnNotEquals": "StringNotLike", "ArnLike": "StringLike"} | {
    "ArnNotLike": "StringNotLike"
}
_SETS = ("ForAnyValue:", "ForAllValues:")
_IF_EXISTS = "IfExists"

# Keys that are no texts: the operators for them, and what the store reads as a value.
_TEXT = ("String", re.compile(r".*", re.DOTALL))
_NUMBER = ("Numeric", re.compile(r"-?\d{1,18}", re.ASCII))
_KINDS = {
    "s3:max-keys": _NUMBER,
    "aws:EpochTime": _NUMBER,
    "aws:CurrentTime": (
        "Date",
        re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", re.ASCII),
    ),
}


@dataclass(frozen=True)
class Inexpressible:
    """Nobody here can say whether the condition holds; `why` says what is not known."""

    why: str


Alternatives = tuple[tuple[Condition, ...], ...]
"""Conditions for the store: those of one alternative together, any of the alternatives is enough."""

Settled = bool | Alternatives | Inexpressible


def settle(condition: Condition, action: str, caller: Caller) -> Settled:
    """Whether it holds for requests of the action, or what the store is to compare."""
    read = _read(condition)
    if read is None:
        return Inexpressible(f"{condition.operator} is no operator of the local store")
    values = tuple(filled(value, caller) for value in condition.values)
    if any(isinstance(value, Unknown) for value in values):
        return Inexpressible("its value has a policy variable that has no value here")
    texts = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
    if None in values and (read.negated or read.over or read.if_exists):
        return Inexpressible("its value has a policy variable that no request of a job has")
    if not texts:
        return False
    known = caller.known(condition.key)
    if not isinstance(known, Unknown):
        return _holds(read, known, texts)
    carried = _carried(condition.key)
    if carried is None:
        return Inexpressible(f"{condition.key} has no value on this machine")
    name, actions = carried
    if action not in actions:
        return _holds(read, None, texts)
    return _for_the_store(read, name, texts)


def _for_the_store(operator: _Operator, name: str, texts: tuple[str, ...]) -> Settled:
    """What the store is to compare; never what it would refuse, or compare otherwise than IAM."""
    if operator.plain == "Null":
        wanted = {text.lower() == "true" for text in texts}
        return True if len(wanted) > 1 else ((Condition("Null", name, (str(wanted.pop()).lower(),)),),)
    kind, form = _KINDS.get(name, _TEXT)
    if not operator.plain.startswith(kind) or not all(form.fullmatch(text) for text in texts):
        return Inexpressible(f"the local store does not compare {name} in this way")
    if operator.over and operator.negated:  # of an absent key the store says the opposite of what IAM does
        return Inexpressible(f"the local store compares {name} otherwise by {operator.over}")
    if kind != "String" and (len(texts) > 1 or operator.over):
        return Inexpressible(f"the local store compares {name} with one value only")
    asked = Condition(f"{operator.over}{operator.plain}", name, texts)
    # Of an absent key the store says that it is not equal to a text, but not so of a number.
    holds_without = operator.negated or operator.if_exists
    if not holds_without or (operator.negated and kind == "String"):
        return ((asked,),)
    return ((asked,), (Condition("Null", name, ("true",)),))


@dataclass(frozen=True)
class _Operator:
    over: Literal["", "ForAnyValue:", "ForAllValues:"]
    plain: str
    if_exists: bool

    @property
    def negated(self) -> bool:
        return "Not" in self.plain


def _read(condition: Condition) -> _Operator | None:
    over = next((prefix for prefix in _SETS if condition.operator.startswith(prefix)), "")
    bare = condition.operator[len(over) :]
    plain = bare.removesuffix(_IF_EXISTS)
    plain = _ARN.get(plain, plain)
    if plain not in _PLAIN or (plain == "Null" and bare != condition.operator):
        return None
    return _Operator(over, plain, bare.endswith(_IF_EXISTS))  # type: ignore[arg-type]  # one of _SETS, or nothing


def _carried(key: str) -> tuple[str, frozenset[str]] | None:
    lowered = key.lower()
    prefix, slash, tag = key.partition("/")
    if slash and (found := CARRIED.get(f"{prefix.lower()}/")):
        return f"{found[0]}{tag}", found[1]
    return CARRIED.get(lowered)


def _holds(operator: _Operator, value: str | None, wanted: tuple[str, ...]) -> Settled:
    """The condition's truth where the key's value is known; None is a key that no request bears."""
    if operator.plain == "Null":
        return any((text.lower() == "true") is (value is None) for text in wanted)
    if value is None:
        if operator.over:
            return operator.over == "ForAllValues:" or operator.if_exists
        return operator.negated or operator.if_exists
    compare = _KNOWN_COMPARISONS.get(operator.plain.replace("Not", ""))
    if compare is None:
        return Inexpressible(f"{operator.plain} does not compare texts")
    return any(compare(text, value) for text in wanted) is not operator.negated


_KNOWN_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, value: wanted == value,
    "StringEqualsIgnoreCase": lambda wanted, value: wanted.lower() == value.lower(),
    "StringLike": matches,
    "Bool": lambda wanted, value: wanted.lower() == value,
}
