"""What two executions have in common and what not: for people, and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from seatrial.outputs import Agreement, Difference, Side
from seatrial.reports.json_report import Report
from seatrial.reports.text import shown

_TITLES = {
    "status": "ended otherwise",
    "only-in-first": "only in the first",
    "only-in-second": "only in the second",
    "place": "lies elsewhere",
    "content": "holds something else",
    "failure": "failed with another message",
    "not-run": "is not compared",
}


class ComparedReport(Report):
    """One of the two."""

    execution_id: str
    pipeline_name: str
    status: str
    engines: tuple[str, ...]


class DifferenceReport(Report):
    """One thing in which they differ; `kind` is status, failure, only-in-first, only-in-second, place,
    content or not-run. `step` is null where the executions themselves ended otherwise.

    `first` and `second` say in words what either has, null for nothing; `member` is a file in the
    archive at `key`; `reason` is null where no cause is known.
    """

    kind: str
    step: str | None
    output: str | None
    key: str | None
    member: str | None
    first: str | None
    second: str | None
    reason: str | None


class AgreementReport(Report):
    """`compare`. `steps` and `objects` count what either has, without steps that one of them took from an
    earlier execution; `excepted` differs for a reason that is known and no fault. `undecided` says why they
    do not agree though nothing differs: too little was run by both; else null."""

    agree: bool
    undecided: str | None
    first: ComparedReport
    second: ComparedReport
    steps: int
    objects: int
    differences: tuple[DifferenceReport, ...]
    excepted: tuple[DifferenceReport, ...]


def agreement_report(agreement: Agreement) -> AgreementReport:
    """The values of an agreement."""
    return AgreementReport(
        agree=agreement.agree,
        undecided=agreement.undecided,
        first=_compared(agreement.first),
        second=_compared(agreement.second),
        steps=agreement.steps,
        objects=agreement.objects,
        differences=tuple(map(_difference, agreement.differences)),
        excepted=tuple(map(_difference, agreement.excepted)),
    )


def show_agreement(console: Console, agreement: Agreement) -> None:
    """Both executions, each difference in a block of its own, the verdict last."""
    for line in _lines(agreement):
        console.print(line, soft_wrap=True)


def _lines(agreement: Agreement) -> Iterator[Text]:
    yield _side_line("first ", agreement.first)
    yield _side_line("second", agreement.second)
    for difference in agreement.differences:
        yield Text()
        yield from _block(difference, "bold red")
    for difference in agreement.excepted:
        yield Text()
        yield from _block(difference, "dim", "excepted: ")
    yield Text()
    yield _verdict(agreement)


def _side_line(name: str, side: Side) -> Text:
    engines = " and ".join(side.engines)
    return Text.assemble(
        (f"{name}  ", "dim"),
        shown(f"{side.execution_id}  {side.pipeline_name} {side.status}, engine {engines}"),
    )


def _block(difference: Difference, style: str, before: str = "") -> Iterator[Text]:
    yield shown(f"{before}{_what(difference)} {_TITLES[difference.kind]}", style)
    for name, words in (
        ("first", difference.first),
        ("second", difference.second),
        ("because", difference.reason),
    ):
        if words is not None:
            yield Text.assemble((f"  {name:<8}", "dim"), shown(words))


def _what(difference: Difference) -> str:
    if difference.step is None:
        return "the execution"
    if difference.output is None:
        return difference.step
    place = f"{difference.step}.{difference.output} {difference.key}"
    return f"{place}, {difference.member} in it," if difference.member else place


def _verdict(agreement: Agreement) -> Text:
    compared = f"{_counted(agreement.steps, 'step')}, {_counted(agreement.objects, 'object')}"
    excepted = f", {len(agreement.excepted)} excepted" if agreement.excepted else ""
    if agreement.agree:
        return shown(f"they agree: {compared}{excepted}", "bold green")
    if not agreement.differences:
        return shown(f"nothing is certain: {agreement.undecided} ({compared}{excepted})", "bold red")
    found = _counted(len(agreement.differences), "difference")
    return shown(f"they differ: {found} in {compared}{excepted}", "bold red")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _compared(side: Side) -> ComparedReport:
    return ComparedReport(
        execution_id=side.execution_id,
        pipeline_name=side.pipeline_name,
        status=side.status,
        engines=side.engines,
    )


def _difference(found: Difference) -> DifferenceReport:
    return DifferenceReport.model_validate(asdict(found))
