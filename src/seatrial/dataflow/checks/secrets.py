"""Secrets in what a step is told, and in what its job printed; a finding never repeats one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.flow import Flow, Plan
from seatrial.dataflow.secrets import Secret, is_of_the_store, secret_in, secret_named
from seatrial.definition import Json, Step
from seatrial.definition.expressions import expression_of
from seatrial.definition.pointers import child
from seatrial.definition.references import own_values
from seatrial.outputs import text_of
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding

_VARIABLES = frozenset({"Environment", "HyperParameters", "StaticHyperParameters", "OutputParameters"})
_WORDS = frozenset({"ContainerArguments", "ContainerEntrypoint"})
# Steps whose arguments are handed to code as they are.
_FREE = frozenset({"Lambda", "Callback"})

Named = tuple[str, Json, str]


def told_secrets(plan: Plan) -> Iterator[Finding]:
    """One finding for each variable, hyperparameter or argument that looks like a secret."""
    for step in plan.definition.all_steps():
        for name, value, where in _told(step):
            text = text_of(value, plan.known)
            found = secret_in(text.text) or (secret_named(name, text.text) if text.complete else None)
            if found:
                yield _told_finding(step.name, name, where, found)


def printed_secrets(flow: Flow) -> Iterator[Finding]:
    """One finding for each kind of secret in a step's log."""
    if flow.printed is None:
        return
    for step in flow.ran():
        for kind, seen in _printed(list(flow.printed(step.name))).items():
            yield _printed_finding(flow, step, kind, seen)


def _told(step: Step) -> Iterator[Named]:
    for value, pointer in own_values(step):
        if step.type in _FREE and pointer.startswith(child(step.pointer, "Arguments")):
            yield pointer.rpartition("/")[2], value, pointer
        yield from _groups(pointer.rpartition("/")[2], value, pointer)


def _groups(key: str, value: Json, pointer: str) -> Iterator[Named]:
    """The variables and words of every group of the kind, wherever it stands."""
    if expression_of(value) is not None:
        return
    if isinstance(value, Mapping):
        for name, member in value.items():
            if key in _VARIABLES:
                yield name, member, child(pointer, name)
            else:
                yield from _groups(name, member, child(pointer, name))
    elif isinstance(value, list):
        if key in _WORDS:
            yield from _words(value, pointer)
        else:
            for index, item in enumerate(value):
                yield from _groups("", item, child(pointer, index))


def _words(words: list[Json], pointer: str) -> Iterator[Named]:
    """Each word by the option before it."""
    for index, (before, word) in enumerate(pairwise(["", *words])):
        option = isinstance(before, str) and before.startswith("-") and "=" not in before
        yield str(before) if option else f"argument {index + 1}", word, child(pointer, index)


def _printed(lines: list[str]) -> dict[str, list[tuple[int, Secret]]]:
    """Kind to the lines with it. A job that printed its whole environment printed its own keys along,
    which end with it, and which no job has in its environment on AWS."""
    found: dict[str, list[tuple[int, Secret]]] = {}
    own = any("eyJ" in line and is_of_the_store(line) for line in lines)
    for number, line in enumerate(lines, 1):
        secret = secret_in(line)
        if secret and not (own and secret.kind == _OWN):
            found.setdefault(secret.kind, []).append((number, secret))
    return found


_OWN = "an AWS secret access key"


def _told_finding(step: str, name: str, where: str, found: Secret) -> Finding:
    return finding(
        "ST117",
        f"{step} is handed what looks like {found.kind}, in {name!r}",
        where=where,
        step=step,
        expected="a reference to where the secret is kept",
        observed=found.shown,
    )


def _printed_finding(flow: Flow, step: StepRecord, kind: str, seen: list[tuple[int, Secret]]) -> Finding:
    lines = ", ".join(str(number) for number, _ in seen[:3])
    return finding(
        "ST117",
        f"{step.name} printed what looks like {kind}, in {counted(len(seen), 'line')} of its log",
        where=flow.definition.pointer_of(step.name),
        also=f"log of {step.name}, {kind}",
        step=step.name,
        expected="no secret in a log",
        observed=f"{seen[0][1].shown}, in line {lines}",
        hint=f"Take the line out of the script; `seatrial logs {step.name}` shows it. Renew the secret.",
    )
