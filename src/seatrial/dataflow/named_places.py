"""Every place in S3 that a step's definition names, as it was in one execution.

An input or output is declared: staged, or at least known to belong to the step. A place in an argument, a
variable or a hyperparameter is mentioned: the step's own code may do with it what it likes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.places import within
from seatrial.definition import Json, PropertyPath, Scope, Step, evaluate, look_up
from seatrial.definition.expressions import expression_of
from seatrial.definition.pointers import child, tokens
from seatrial.definition.references import own_values
from seatrial.errors import ExpressionError
from seatrial.outputs import text_of
from seatrial.ports.executions import StepRecord
from seatrial.ports.observation import S3Call

_URI = re.compile(r"s3[an]?://[^\s\"'<>|,;]+")
# What is in these is the author's own text, whatever it is called.
_FREE = frozenset({"Environment", "HyperParameters", "StaticHyperParameters", "ContainerArguments"})


@dataclass
class NamedPlaces:
    """Those of one step; `mentions` are texts by the pointer where each stands."""

    inputs: set[str] = field(default_factory=set)
    objects: set[tuple[str, str]] = field(default_factory=set)
    outputs: set[str] = field(default_factory=set)
    mentions: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def covers_read(self, call: S3Call) -> bool:
        """Whether an input, or an output of the step's own, has the object."""
        if (call.bucket, call.key) in self.objects:
            return True
        return any(within(call.uri, place) for place in (*self.inputs, *self.outputs))

    def covers_write(self, call: S3Call) -> bool:
        """Whether an output has the object."""
        return any(within(call.uri, place) for place in self.outputs)

    def mention(self, call: S3Call) -> str | None:
        """The pointer of what speaks of the object, the nearest one: as a URI, or as bucket and key apart."""
        found = [place for place in self.mentions if within(call.uri, place)]
        if found:
            return self.mentions[max(found, key=len)]
        if call.bucket in self.texts and any(
            within(call.key, text.strip("/")) for text in self.texts if text.strip("/")
        ):
            return ""
        return None


def named_places(flow: Flow, record: StepRecord) -> NamedPlaces:
    """Of the step's request with its expressions filled in, and of what its job was seen to bring in."""
    found = NamedPlaces()
    step = flow.definition.step(record.name)
    if step is not None:
        outputs = {output.pointer for output in flow.plan.outputs if output.step == step.name}
        inputs = {
            read.pointer for read in flow.plan.reads if read.step == step.name and read.kind != "mention"
        }
        for text, pointer in _texts(flow, step):
            _sort_in(found, text, pointer, inputs, outputs)
    for _, text in _leaves(dict(record.result.describe) if record.result else {}, ""):
        for uri in _uris(text):
            found.mentions.setdefault(uri, "")
    for receipt in record.result.inputs if record.result else ():
        found.inputs.add(receipt.s3_uri)
        found.objects |= {(stored.bucket, stored.key) for stored in receipt.objects}
    found.outputs |= {receipt.s3_uri for receipt in (record.result.outputs if record.result else ())}
    return found


def _sort_in(found: NamedPlaces, text: str, pointer: str, inputs: set[str], outputs: set[str]) -> None:
    found.texts.add(text)
    for uri in _uris(text):
        if pointer in outputs or _is_output(pointer):
            found.outputs.add(uri)
        elif pointer in inputs:
            found.inputs.add(uri)
        else:
            found.mentions.setdefault(uri, pointer)


def _is_output(pointer: str) -> bool:
    """Whether a member of AWS's own means a place to write: of a debugger, a profiler, a board."""
    keys = tokens(pointer)
    return not _FREE & set(keys) and any("Output" in key for key in keys)


def _uris(text: str) -> Iterator[str]:
    if text.startswith("s3://"):
        yield text
    for match in _URI.finditer(text):
        yield "s3://" + match.group().partition("://")[2]


def _texts(flow: Flow, step: Step) -> Iterator[tuple[str, str]]:
    """Every text of the step's request with its pointer, what an expression makes included."""
    scope = _Recorded(flow)
    for value, pointer in own_values(step):
        for where, text in _leaves(value, pointer, scope):
            yield text, where


def _leaves(value: Json, pointer: str, scope: _Recorded | None = None) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, child(pointer, index), scope)
    elif isinstance(value, Mapping):
        if scope is not None and expression_of(dict(value)) is not None:
            for _, text in _leaves(scope.filled_in(value), pointer):
                yield pointer, text
            return
        for key, member in value.items():
            yield from _leaves(member, child(pointer, str(key)), scope)


class _Recorded(Scope):
    """Fills expressions in with what an execution's record has."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow

    def filled_in(self, value: Json) -> Json:
        """The value as the step had it; with braces where the record does not tell."""
        try:
            return evaluate(value, self)
        except ExpressionError:
            return text_of(value, self._flow.plan.known).text

    def parameter(self, name: str) -> Json:
        known = self._flow.plan.known.parameters
        if name not in known:
            raise _untold(f"Parameters.{name}")
        return known[name]

    def execution(self, name: str) -> Json:
        known = self._flow.plan.known.execution
        if name not in known:
            raise _untold(f"Execution.{name}")
        return known[name]

    def step_property(self, step: str, path: PropertyPath) -> Json:
        record = self._flow.record.step(step)
        return look_up(dict(record.properties) if record else {}, path)

    def property_file(self, step: str, name: str) -> Json:
        raise _untold(f"Steps.{step}.PropertyFiles.{name}")

    def s3_json(self, uri: str) -> Json:
        raise _untold(uri)


def _untold(where: str) -> ExpressionError:
    return ExpressionError(
        f"the record does not tell {where}", slug="undefined", where=where, hint="read the step's log"
    )
