"""An execution role as a run holds its jobs to it: its policies, projected once, and asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seatrial.dataflow.permissions.document import PolicyText, read_policies
from seatrial.dataflow.permissions.evaluation import Question, Verdict, judged
from seatrial.dataflow.permissions.projection import VERSION, Projected, Projection, project
from seatrial.dataflow.permissions.resources import ARN
from seatrial.dataflow.permissions.variables import Caller
from seatrial.errors import RefusedError


@dataclass(frozen=True)
class Role:
    """The policies as they were given, and as the store can hold a caller to them."""

    texts: tuple[PolicyText, ...]
    projection: Projection

    @property
    def sources(self) -> str:
        """The files, for messages."""
        return ", ".join(text.source for text in self.texts)

    def asked(self, question: Question) -> Verdict:
        """Whether the role may do it."""
        return judged(self.projection.statements, question)

    def documents(self, limit: int) -> tuple[str, ...]:
        """Policy documents for the store of at most `limit` bytes each; a larger statement is refused."""
        documents, held = list[str](), list[Projected]()
        for statement in self.projection.statements:
            if held and len(_document([*held, statement])) > limit:
                documents.append(_document(held))
                held = []
            held.append(statement)
            if len(_document([statement])) > limit:
                raise _too_large(statement, limit)
        return (*documents, _document(held)) if held else tuple(documents)


def read_role(texts: tuple[PolicyText, ...], caller: Caller) -> Role:
    """The role of these policies; one that would be wider here than it is on AWS is refused."""
    projection = project(read_policies(texts), caller)
    if projection.wider:
        raise RefusedError(
            "the role's policy would allow more here than on AWS: " + "; ".join(projection.wider),
            slug="role-policy-looser",
            where=", ".join(text.source for text in texts),
            hint="give a copy of the policy that says the same without it: for a condition what it comes to "
            "for this pipeline (docs/permissions.md has examples)",
        )
    return Role(texts, projection)


def missing_statement(action: str, resource: str) -> str:
    """The statement that would allow it, as JSON."""
    return json.dumps({"Effect": "Allow", "Action": action, "Resource": f"{ARN}{resource}"})


def as_kept(role: Role) -> str:
    """The policies as one JSON text, to be remembered."""
    return json.dumps([{"source": text.source, "text": text.text} for text in role.texts], indent=1) + "\n"


def from_kept(text: str) -> tuple[PolicyText, ...]:
    """What `as_kept` wrote."""
    return tuple(PolicyText(str(each["source"]), str(each["text"])) for each in _kept(text))


def _kept(text: str) -> Iterator[Mapping[str, object]]:
    yield from json.loads(text)


def _document(statements: list[Projected]) -> str:
    listed = [statement.as_json() for statement in statements]
    return json.dumps({"Version": VERSION, "Statement": listed}, separators=(",", ":"))


def _too_large(statement: Projected, limit: int) -> RefusedError:
    return RefusedError(
        f"{statement.name} is larger than the {limit} bytes that the local store takes",
        slug="role-policy-too-large",
        where=statement.name,
        hint="say it in several statements",
    )
