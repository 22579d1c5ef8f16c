"""The outputs and inputs whose contents are known, with where they stand in the definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.dataflow.flow import Flow
from seatrial.ports.contents import Place, Profile
from seatrial.ports.jobs import InputReceipt, OutputReceipt


@dataclass(frozen=True)
class Looked:
    """An output or input that was looked into; `written` says which of both."""

    flow: Flow
    place: Place
    s3_uri: str
    written: bool
    profile: Profile

    @property
    def where(self) -> str:
        """Its pointer into the definition; looked for only when there is something to say."""
        if self.written:
            plan = self.flow.plan.outputs
            pointers = (each.pointer for each in plan if (each.step, each.name) == self.place)
            return next(pointers, self.s3_uri)
        named = self.flow.plan.read(*self.place)
        return named.pointer if named else self.s3_uri

    @property
    def step(self) -> str:
        """The step's name."""
        return self.place[0]

    @property
    def said(self) -> str:
        """`Preprocess wrote 'train'`, for the beginning of a sentence."""
        return f"{self.step} {'wrote' if self.written else 'read'} {self.place[1]!r}"

    def uri(self, name: str) -> str:
        """The URI of a file, or of the pattern of a table's parts."""
        if self.s3_uri.endswith(f"/{name}"):
            return self.s3_uri
        return f"{self.s3_uri.rstrip('/')}/{name}"


def written(flow: Flow) -> Iterator[Looked]:
    """The outputs of the steps that ran and ended well."""
    for step in flow.succeeded():
        for receipt in step.result.outputs if step.result else ():
            yield _output(flow, step.name, receipt)


def read(flow: Flow) -> Iterator[Looked]:
    """The inputs of the steps that ran."""
    for step in flow.ran():
        for receipt in step.result.inputs if step.result else ():
            yield _input(flow, step.name, receipt)


def brought(flow: Flow) -> Iterator[Looked]:
    """The inputs that no step of this execution wrote: what is wrong there is not said elsewhere."""
    for step in flow.ran():
        for receipt in step.result.inputs if step.result else ():
            if not any((stored.bucket, stored.key) in flow.writers for stored in receipt.objects):
                yield _input(flow, step.name, receipt)


def _output(flow: Flow, step: str, receipt: OutputReceipt) -> Looked:
    profile = flow.contents.outputs.get((step, receipt.name), Profile())
    return Looked(flow, (step, receipt.name), receipt.s3_uri, True, profile)


def _input(flow: Flow, step: str, receipt: InputReceipt) -> Looked:
    profile = flow.contents.inputs.get((step, receipt.name), Profile())
    return Looked(flow, (step, receipt.name), receipt.s3_uri, False, profile)
