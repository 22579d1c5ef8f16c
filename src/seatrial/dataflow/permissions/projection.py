"""The role's policy as the local store can hold a caller to it, and what of it that leaves out.

What is left out of an Allow makes the policy narrower than it is: it is listed. What would make it wider (a
Deny, or a condition, that the store cannot hold) is told apart, because a run under it would show nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product
from typing import Any

from seatrial.dataflow.permissions.actions import (
    BUCKET_ACTIONS,
    KNOWN_ACTIONS,
    OBJECT_ACTIONS,
    is_of_s3,
    selected,
    unknown,
)
from seatrial.dataflow.permissions.conditions import Alternatives, Inexpressible, settle
from seatrial.dataflow.permissions.document import Condition, Effect, Statement
from seatrial.dataflow.permissions.resources import (
    EVERYTHING,
    Resources,
    for_buckets,
    for_objects,
    read_resources,
)
from seatrial.dataflow.permissions.variables import Caller

VERSION = "2012-10-17"


@dataclass(frozen=True)
class Projected:
    """One statement for the store; `name` is that of the statement it comes from."""

    name: str
    effect: Effect
    actions: frozenset[str]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    except_resources: bool = False

    def as_json(self) -> Mapping[str, Any]:
        """As it stands in a policy document."""
        # In an Allow it would be more than IAM's: the store knows actions of its own, HeadBucket among them.
        everything = self.effect == "Deny" and self.actions == KNOWN_ACTIONS
        block: dict[str, dict[str, list[str]]] = {}
        for condition in self.conditions:
            block.setdefault(condition.operator, {})[condition.key] = list(condition.values)
        return {
            "Effect": self.effect,
            "Action": ["s3:*"] if everything else [f"s3:{name}" for name in sorted(self.actions)],
            "NotResource" if self.except_resources else "Resource": list(self.resources),
            **({"Condition": block} if block else {}),
        }


@dataclass(frozen=True)
class Projection:
    """`others` are statements of other services; `narrower` and `wider` say what the projection lost."""

    statements: tuple[Projected, ...]
    others: tuple[str, ...]
    narrower: tuple[str, ...]
    wider: tuple[str, ...]


def project(statements: Iterable[Statement], caller: Caller) -> Projection:
    """All that is about S3, as the store can hold it."""
    work = _Work(caller)
    for statement in statements:
        work.add(statement)
    return Projection(tuple(work.kept), tuple(work.others), tuple(work.narrower), tuple(work.wider))


class _Work:
    """What has been made of the statements so far."""

    def __init__(self, caller: Caller) -> None:
        self.kept: list[Projected] = []
        self.others: list[str] = []
        self.narrower: list[str] = []
        self.wider: list[str] = []
        self._caller = caller

    def add(self, statement: Statement) -> None:
        if not statement.except_actions and not any(is_of_s3(each) for each in statement.actions):
            self.others.append(statement.name)
            return
        resources = read_resources(statement.resources, self._caller)
        if resources.elsewhere and not statement.except_resources:
            self._note_elsewhere(statement, resources)
        if not statement.except_resources and not resources.names and not resources.unknown:
            return
        for outcome, actions in self._by_conditions(statement, self._actions(statement)).items():
            for conditions in outcome:
                self.kept.extend(self._placed(statement, actions, resources, conditions))
        if resources.unknown:
            what = f"nobody here can say what {', '.join(resources.unknown)} names"
            # An exception that is lost makes an Allow wider, and a Deny narrower what is allowed.
            self._lose(statement, what, widens=(statement.effect == "Deny") is not statement.except_resources)

    def _note_elsewhere(self, statement: Statement, resources: Resources) -> None:
        """A resource of another service, an access point: nothing in the store has such a name."""
        if any(":s3:" in each for each in resources.elsewhere):
            self.narrower.append(f"{statement.name}: nothing here is {', '.join(resources.elsewhere)}")
        elif not resources.names:
            self.others.append(statement.name)

    def _actions(self, statement: Statement) -> frozenset[str]:
        chosen = selected(statement.actions)
        if statement.except_actions:
            return KNOWN_ACTIONS - chosen
        if lost := unknown(statement.actions):
            what = f"the local store has no {', '.join(lost)}"
            self._lose(statement, what, widens=statement.effect == "Deny")
        return chosen

    def _by_conditions(
        self, statement: Statement, actions: frozenset[str]
    ) -> Mapping[Alternatives, frozenset[str]]:
        """The actions by what the store is to compare in their requests; without those it never holds for."""
        found: dict[Alternatives, set[str]] = {}
        for action in sorted(actions):
            settled = self._settled(statement, action)
            if settled is not None:
                found.setdefault(settled, set()).add(action)
        return {alternatives: frozenset(names) for alternatives, names in found.items()}

    def _settled(self, statement: Statement, action: str) -> Alternatives | None:
        """The alternatives of all conditions together; None where they never hold, or cannot be held."""
        lines = list[Alternatives]()
        impossible = list[str]()
        for condition in statement.conditions:
            answer = settle(condition, action, self._caller)
            if answer is False:
                return None
            if isinstance(answer, Inexpressible):
                impossible.append(f"{condition}: {answer.why}")
            elif answer is not True:
                lines.append(answer)
        combined = [tuple(dict.fromkeys(chain.from_iterable(each))) for each in product(*lines)]
        impossible.extend(_compared_twice(combined))
        if impossible:
            text = f"{statement.name}: its condition cannot be held: {'; '.join(impossible)}"
            self.wider += [] if text in self.wider else [text]
            return None
        return tuple(combined)

    def _placed(
        self,
        statement: Statement,
        actions: frozenset[str],
        resources: Resources,
        conditions: tuple[Condition, ...],
    ) -> Iterator[Projected]:
        """One statement for objects and one for buckets, or one for both where it says everything."""
        name, effect, inverse = statement.name, statement.effect, statement.except_resources
        actions = self._without_implied(statement, actions)
        if "*" in resources.names:
            if not inverse and actions:
                yield Projected(name, effect, actions, (EVERYTHING,), conditions)
            return
        for kind, form in ((OBJECT_ACTIONS, for_objects), (BUCKET_ACTIONS, for_buckets)):
            chosen, places = actions & kind, form(resources.names)
            if chosen and places:
                yield Projected(name, effect, chosen, places, conditions, inverse)
            elif chosen and inverse:
                yield Projected(name, effect, chosen, (EVERYTHING,), conditions)

    def _without_implied(self, statement: Statement, actions: frozenset[str]) -> frozenset[str]:
        """To the store whoever may read a version may read the object as well; to IAM they are two things."""
        if "GetObjectVersion" not in actions or "GetObject" in actions:
            return actions
        allows = statement.effect == "Allow"
        text = (
            f"{statement.name}: to the local store s3:GetObjectVersion is s3:GetObject as well, so it is "
            + ("left out" if allows else "denied too")
        )
        self.narrower += [] if text in self.narrower else [text]
        return actions - {"GetObjectVersion"} if allows else actions

    def _lose(self, statement: Statement, what: str, *, widens: bool) -> None:
        (self.wider if widens else self.narrower).append(f"{statement.name}: {what}")


def _compared_twice(alternatives: Iterable[tuple[Condition, ...]]) -> Iterator[str]:
    """A policy has room for one line of each operator and key; two come of other spellings of them."""
    for conditions in alternatives:
        if len({(each.operator, each.key) for each in conditions}) < len(conditions):
            yield f"{', '.join(map(str, conditions))}: the local store compares a key once by each operator"
            return
