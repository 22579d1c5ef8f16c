"""Answers whether a projected policy allows a call, and which statement says so; asks no store.

IAM's order: an explicit Deny, else an Allow, else no. A condition on what is not known of the call (a tag of
the object) makes the answer open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from seatrial.dataflow.permissions.actions import matches
from seatrial.dataflow.permissions.document import Condition
from seatrial.dataflow.permissions.projection import Projected
from seatrial.dataflow.permissions.resources import ARN


@dataclass(frozen=True)
class Question:
    """A call: `s3:GetObject` of a key; `context` is what is known of it (None: the key is absent)."""

    action: str
    bucket: str
    key: str = ""
    context: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """`open` where it depends on what is not known; `statement` decided it, if one did."""

    answer: Literal["allowed", "denied", "open"]
    statement: str | None = None

    @property
    def why(self) -> str:
        """For people, behind `because`."""
        if self.answer == "allowed":
            return f"{self.statement} allows it"
        if self.answer == "open":
            return f"it depends on a condition of {self.statement}"
        return f"{self.statement} denies it" if self.statement else "no statement allows it"


def judged(statements: Iterable[Projected], question: Question) -> Verdict:
    """What IAM answers."""
    found: dict[tuple[str, bool | None], Projected] = {}
    for statement in statements:
        applies = _applies(statement, question)
        if applies is not False:
            found.setdefault((statement.effect, applies), statement)
    if denying := found.get(("Deny", True)):
        return Verdict("denied", denying.name)
    allowing, maybe = found.get(("Allow", True)), found.get(("Allow", None))
    if not allowing and not maybe:
        return Verdict("denied")
    # A Deny that may hold matters where something is allowed.
    open_one = found.get(("Deny", None)) or (None if allowing else maybe)
    if open_one:
        return Verdict("open", open_one.name)
    return Verdict("allowed", allowing.name if allowing else None)


def _applies(statement: Projected, question: Question) -> bool | None:
    """Whether the statement is about the call; None where that is not known."""
    if question.action.removeprefix("s3:") not in statement.actions:
        return False
    place = f"{ARN}{question.bucket}/{question.key}"
    named = any(matches(each, place) or each == place.rstrip("/") for each in statement.resources)
    if named is statement.except_resources:
        return False
    answers = [_holds(condition, question.context) for condition in statement.conditions]
    if False in answers:
        return False
    return None if None in answers else True


def _holds(condition: Condition, context: Mapping[str, str | None]) -> bool | None:
    if condition.key not in context:
        return None
    value = context[condition.key]
    if condition.operator == "Null":
        return any((text.lower() == "true") is (value is None) for text in condition.values)
    negated = "Not" in condition.operator
    if value is None:
        return negated or condition.operator.startswith("ForAllValues:")
    found = _found(condition, value)
    return None if found is None else found is not negated


def _found(condition: Condition, value: str) -> bool | None:
    plain = condition.operator.rpartition(":")[2].replace("Not", "")
    if plain == "StringEquals":
        return value in condition.values
    if plain == "StringEqualsIgnoreCase":
        return value.lower() in {text.lower() for text in condition.values}
    if plain == "StringLike":
        return any(matches(text, value) for text in condition.values)
    return None
