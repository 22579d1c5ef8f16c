"""Two runs under two prefixes: for people, and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.text import Text

from seatrial.dataflow.codes import counted
from seatrial.dataflow.portability import Compared
from seatrial.ports.executions import ExecutionRecord
from seatrial.ports.findings import Finding, Severity
from seatrial.reports.agreement import DifferenceReport
from seatrial.reports.findings import rendered_findings, suppressed_findings, tally
from seatrial.reports.json_report import FindingReport, Report, finding_report
from seatrial.reports.text import shown

_SHOWN = 8


@dataclass(frozen=True)
class RunUnderPrefix:
    """One of the runs as it is shown."""

    record: ExecutionRecord
    account_id: str
    region: str


@dataclass(frozen=True)
class PortabilityView:
    """What there is to show; `compared` is None where the runs could not be compared."""

    runs: Sequence[RunUnderPrefix]
    varied: tuple[str, ...]
    compared: Compared | None
    findings: tuple[Finding, ...]


class PrefixRunReport(Report):
    """One of the runs: an execution like any other."""

    execution_id: str
    execution_arn: str
    prefix: str | None
    account_id: str
    region: str
    status: str


class PortabilityReport(Report):
    """`check --portability`. `runs` are the first, the second, and the third if there was one; `varied` is
    what the second had otherwise: prefix, account, region. `steps` and `objects` count what was compared;
    `excepted` differs for a reason that is no fault; `unsearched` are objects that were too large to be
    searched, or only in part. `findings` are those of the second run and what of the first's it does not
    repeat."""

    runs: tuple[PrefixRunReport, ...]
    varied: tuple[str, ...]
    steps: int
    objects: int
    excepted: tuple[DifferenceReport, ...]
    unsearched: tuple[str, ...]
    findings: tuple[FindingReport, ...]


def portability_report(view: PortabilityView) -> PortabilityReport:
    """The values of both runs."""
    files = view.compared.files if view.compared else None
    return PortabilityReport(
        runs=tuple(map(_run, view.runs)),
        varied=view.varied,
        steps=files.agreement.steps if files else 0,
        objects=files.agreement.objects if files else 0,
        excepted=tuple(
            DifferenceReport.model_validate(asdict(each)) for each in (files.excepted if files else ())
        ),
        unsearched=view.compared.unsearched if view.compared else (),
        findings=tuple(map(finding_report, view.findings)),
    )


def show_portability(console: Console, view: PortabilityView) -> None:
    """The runs, the findings, what is excepted, the verdict last."""
    for name, run in zip(("first", "second", "third"), view.runs, strict=False):
        console.print(_run_line(name, run, view.varied), soft_wrap=True)
    for block in rendered_findings(_weighing(view)):
        console.print(block)
    for block in suppressed_findings(view.findings):
        console.print(block)
    for line in _set_aside(view.compared):
        console.print(line, soft_wrap=True)
    console.print(_verdict(view), soft_wrap=True)


def _telling(findings: Iterable[Finding]) -> list[Finding]:
    """All but the notes that every run of the pipeline has; those are in the JSON."""
    return [each for each in findings if each.severity is not Severity.NOTE or each.code.startswith("ST1")]


def _weighing(view: PortabilityView) -> list[Finding]:
    return [each for each in _telling(view.findings) if each.suppressed is None]


def _run_line(name: str, run: RunUnderPrefix, varied: Iterable[str]) -> Text:
    words = {"account": run.account_id, "region": run.region}
    also = "".join(f"  {word} {words[word]}" for word in varied if word in words)
    record = run.record
    said = f"{record.execution_id}  {record.status.value} under {record.prefix}{also}"
    return Text.assemble((f"{name:<8}", "dim"), shown(said))


def _set_aside(compared: Compared | None) -> Iterator[Text]:
    excepted = compared.files.excepted if compared else ()
    for each in excepted[:_SHOWN]:
        place = ".".join(filter(None, (each.step, each.output)))
        yield shown(f"excepted: {' '.join(filter(None, (place, each.key)))}: {each.reason}", "dim")
    if len(excepted) > _SHOWN:
        yield shown(f"excepted: {len(excepted) - _SHOWN} more (--json lists them)", "dim")
    for uri in compared.unsearched[:_SHOWN] if compared else ():
        yield shown(f"not searched, or not whole: {uri} is too large", "dim")


def _verdict(view: PortabilityView) -> Text:
    if view.compared is None:
        return shown("portability: not judged, there are no two runs to compare", "bold red")
    agreement = view.compared.files.agreement
    found = _weighing(view)
    seen = f"{counted(agreement.steps, 'step')} and {counted(agreement.objects, 'object')} compared"
    wrong = [each for each in found if each.severity is not Severity.NOTE]
    if not view.compared.findings and wrong:  # an output that lies outside the prefix is among them
        said = f"portability: the runs differ in nothing; {tally(wrong)} in the data flow; {seen}"
        return shown(said, "yellow")
    if not view.compared.findings:
        return shown(f"portability: nothing depends on the {_listed(view.varied)}; {seen}", "green")
    kept = view.runs[1].record.execution_id
    return shown(f"portability: {tally(found)}; {seen} (seatrial report {kept} has them too)", "yellow")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or the {names[-1]}"


def _run(run: RunUnderPrefix) -> PrefixRunReport:
    return PrefixRunReport(
        execution_id=run.record.execution_id,
        execution_arn=run.record.arn,
        prefix=run.record.prefix,
        account_id=run.account_id,
        region=run.region,
        status=run.record.status.value,
    )
