"""The outputs and inputs whose contents are known, with where they stand in the definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.dataflow.flow import Flow
from seatrial.ports.contents import Place, Profile
from seatrial.ports.jobs import InputReceipt, OutputReceipt


@dataclass(frozen=True)
class Looked:
    """An output or input that was looked into; `written` says which of both, `where` is its pointer."""

    place: Place
    s3_uri: str
    where: str
    written: bool
    profile: Profile

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
    place = (step, receipt.name)
    pointers = (each.pointer for each in flow.plan.outputs if (each.step, each.name) == place)
    profile = flow.contents.outputs.get(place, Profile())
    return Looked(place, receipt.s3_uri, next(pointers, receipt.s3_uri), True, profile)


def _input(flow: Flow, step: str, receipt: InputReceipt) -> Looked:
    named = flow.plan.read(step, receipt.name)
    profile = flow.contents.inputs.get((step, receipt.name), Profile())
    return Looked(
        (step, receipt.name), receipt.s3_uri, named.pointer if named else receipt.s3_uri, False, profile
    )
