"""Names of the first run in what the second did: what it read, called, wrote and said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.places import within
from seatrial.dataflow.portability.searching import Found, Search, first_of_each
from seatrial.dataflow.portability.unpacking import LARGEST, Room
from seatrial.dataflow.portability.voyage import Voyage
from seatrial.errors import StorageError
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.jobs import InputReceipt
from seatrial.ports.observation import S3Call
from seatrial.ports.storage import S3Uri, StoredObject

_SHOWN = 3
_ALL = 8 * LARGEST


@dataclass
class Reader:
    """Reads objects to search them, none too large; `unsearched` are those that it left, or had to cut."""

    voyage: Voyage
    left: int = _ALL
    unsearched: list[str] = field(default_factory=list)

    def found_in(self, stored: StoredObject, search: Search) -> list[Found]:
        """Every mention, one for each place in the object."""
        if not search.needles or not stored.size:
            return []
        read = self.voyage.flow.read
        if read is None or stored.size > min(LARGEST, self.left):
            self.unsearched.append(stored.uri)
            return []
        self.left -= stored.size
        room = Room()
        try:
            found = first_of_each(search.in_object(read(S3Uri(stored.bucket, stored.key)), room))
        except StorageError:
            self.unsearched.append(stored.uri)
            return []
        if room.cut:
            self.unsearched.append(stored.uri)
        return found


def inputs_of_the_first(first: Voyage, second: Voyage) -> Iterator[Finding]:
    """Data that the second run read where the first had written: the gravest."""
    for step in second.flow.ran():
        for receipt in step.result.inputs if step.result else ():
            theirs = [o for o in receipt.objects if within(o.uri, str(first.prefix))]
            if theirs:
                yield _read_there(first, second, step, receipt, theirs)


def _read_there(
    first: Voyage, second: Voyage, step: StepRecord, receipt: InputReceipt, theirs: list[StoredObject]
) -> Finding:
    read = second.flow.plan.read(step.name, receipt.name)
    writer = first.flow.writers.get((theirs[0].bucket, theirs[0].key))
    whose = f", which {writer[0]} of the first run wrote" if writer else ""
    return finding(
        "ST142",
        f"{step.name} read {counted(len(theirs), 'object')} of the first prefix as its input "
        f"{receipt.name!r}{whose}",
        where=read.pointer if read else receipt.s3_uri,
        step=step.name,
        also=theirs[0].uri,
        expected=f"data under {second.prefix}",
        observed=receipt.s3_uri,
    )


def calls_to_the_first(second: Voyage, search: Search) -> Iterator[Finding]:
    """Calls of a step's own code to places that belong to the first run."""
    for step in second.flow.ran():
        observed = step.result.observation if step.result else None
        for call in _one_of_each_place(observed.calls if observed and observed.calls else ()):
            needle = next((n for n in search.needles if within(call.uri, str(n.place))), None)
            if needle is not None:
                yield finding(
                    "ST142",
                    f"the code of {step.name} asked S3 for {call.operation} in {needle.what}",
                    where=call.uri,
                    step=step.name,
                    also=str(needle.place),
                    observed=f"{call.operation} {call.uri}, HTTP status {call.status}",
                )


def _one_of_each_place(calls: Iterable[S3Call]) -> Iterable[S3Call]:
    return {call.uri: call for call in calls}.values()


def written_names(second: Voyage, search: Search, reader: Reader) -> Iterator[Finding]:
    """Outputs whose files name a place of the first run, also within archives."""
    for step in second.flow.ran():
        for receipt in step.result.outputs if step.result else ():
            named = _naming(receipt.objects, search, reader)
            if named:
                yield _named(step, f"output {receipt.name!r} of {step.name}", named)


def names_in_code(second: Voyage, search: Search, reader: Reader) -> Iterator[Finding]:
    """Scripts that name such a place; what of them is ever executed, nobody knows."""
    for step in second.flow.ran():
        for receipt in step.result.inputs if step.result else ():
            read = second.flow.plan.read(step.name, receipt.name)
            if read is not None and read.kind == "code":
                named = _naming(receipt.objects, search, reader)
                if named:
                    yield _named(step, f"the code of {step.name}", named, Severity.WARNING)


def _naming(
    objects: Iterable[StoredObject], search: Search, reader: Reader
) -> list[tuple[StoredObject, list[Found]]]:
    """The objects that name something that is looked for."""
    looked = [(stored, reader.found_in(stored, search)) for stored in objects]
    return [(stored, found) for stored, found in looked if found]


def _named(
    step: StepRecord,
    whose: str,
    named: list[tuple[StoredObject, list[Found]]],
    severity: Severity | None = None,
) -> Finding:
    stored, found = named[0]
    places = [f"{o.uri.rpartition('/')[2]} {f.where}: {f.hit.around}" for o, all_of in named for f in all_of]
    more = f" (and {len(places) - _SHOWN} more)" if len(places) > _SHOWN else ""
    others = f" and {counted(len(named) - 1, 'other file')}" if len(named) > 1 else ""
    return finding(
        "ST142",
        f"{whose} names {found[0].needle.what} in {stored.uri.rpartition('/')[2]}{others}",
        where=stored.uri,
        severity=severity,
        step=step.name,
        also=str(found[0].needle.place),
        observed="; ".join(places[:_SHOWN]) + more,
    )


def names_in_logs(second: Voyage, search: Search, told: frozenset[str | None]) -> Iterator[Finding]:
    """What a step printed; of steps that were `told` of already, nothing more."""
    for step in second.flow.ran():
        if step.name in told:
            continue
        for needle, hit in islice(search.in_text(second.log_of(step.name)), 1):
            yield finding(
                "ST142",
                f"the log of {step.name} names {needle.what}: {hit.around}",
                where=second.flow.definition.pointer_of(step.name),
                severity=Severity.NOTE,
                step=step.name,
                also=str(needle.place),
                observed=hit.around,
            )
