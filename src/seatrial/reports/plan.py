"""What a run would do, for people and for programs; everything it shows is handed to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seatrial.dataflow import ExternalInput
from seatrial.definition import Graph, ParameterValue, PipelineDefinition
from seatrial.definition.model import Trigger
from seatrial.outputs import S3OutputPathRegistry
from seatrial.ports.executions import Selection
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.images import ImagePlan
from seatrial.ports.substitutes import Substitute
from seatrial.reports.console import table
from seatrial.reports.findings import show_findings
from seatrial.reports.images import show_substitutions, substitutions, without_registry, without_tag
from seatrial.reports.json_report import FindingReport, Report, finding_report
from seatrial.reports.located import LocatedRows
from seatrial.reports.tables import outputs_table
from seatrial.reports.text import shown
from seatrial.reports.verdict import Verdict, VerdictReport, verdict_line, verdict_on, verdict_report


@dataclass(frozen=True)
class PlannedImage:
    """The image that a step names, and what would run; None where nothing does."""

    uri: str
    plan: ImagePlan | None


@dataclass(frozen=True)
class PlannedInput:
    """An external input; `present` is None where nobody can say yet, `seed` the local data for it."""

    found: ExternalInput
    present: bool | None
    seed: str | None = None


@dataclass(frozen=True)
class PlanView:
    """Everything that is known before a run; for what is `blocking` among its findings nothing starts."""

    pipeline_name: str
    definition: PipelineDefinition
    graph: Graph
    parameters: Mapping[str, ParameterValue]
    registry: S3OutputPathRegistry
    prefix: str | None = None
    placeholders: Mapping[str, ParameterValue] = field(default_factory=dict)
    images: Mapping[str, PlannedImage] = field(default_factory=dict)
    inputs: Sequence[PlannedInput] = ()
    findings: Sequence[Finding] = ()
    blocking: Sequence[Finding] = ()
    selection: Selection | None = None
    substitutes: Mapping[str, Substitute] = field(default_factory=dict)

    def runs(self, name: str) -> bool:
        """Whether the step of that name is to run."""
        return self.selection is None or name in self.selection.steps

    def source_of(self, name: str) -> str | None:
        """The execution that stands in for the step, None where none has to."""
        if self.selection is None or self.runs(name) or not self._waited_for(name):
            return None
        return self.selection.source_arn

    def _waited_for(self, name: str) -> bool:
        return any(self.runs(waiting) for waiting in self.graph.downstream(name))


class PlannedStepReport(Report):
    """One step; `local_image` is what would run, null where nothing does.

    A step that is not `selected` does not run; `reused_from` is the execution whose outcome it then has,
    null where no selected step waits for it. `substitute` is what does its work in its place. `triggers`
    names the end of an upstream step that it waits for, where that is not its success.
    """

    name: str
    type: str
    upstream: tuple[str, ...]
    triggers: Mapping[str, Trigger]
    condition: str | None
    image: str | None
    local_image: str | None
    selected: bool
    reused_from: str | None
    substitute: str | None


class PlannedInputReport(Report):
    """One external input; `uri` is null where part of it is decided during the run."""

    uri: str | None
    location: str
    kind: str
    readers: tuple[str, ...]
    parameters: tuple[str, ...]
    present: bool | None
    seed: str | None


class PlanReport(Report):
    """`plan`. `outputs` is the manifest of the planned registry, `substituted_images` as of a run."""

    pipeline_name: str
    prefix: str | None
    parameters: dict[str, str | int | float | bool]
    placeholders: tuple[str, ...]
    steps: tuple[PlannedStepReport, ...]
    inputs: tuple[PlannedInputReport, ...]
    outputs: dict[str, Any]
    findings: tuple[FindingReport, ...]
    substituted_images: dict[str, str]
    verdict: VerdictReport


def plan_report(view: PlanView) -> PlanReport:
    """The plan for programs."""
    return PlanReport(
        pipeline_name=view.pipeline_name,
        prefix=view.prefix,
        parameters=dict(view.parameters),
        placeholders=tuple(view.placeholders),
        steps=tuple(_step(view, name) for name in view.graph.order()),
        inputs=tuple(map(_input, view.inputs)),
        outputs=view.registry.export_to_manifest(),
        findings=tuple(map(finding_report, view.findings)),
        substituted_images=substitutions(_image_plans(view)),
        verdict=verdict_report(_verdict(view)),
    )


def show_plan(console: Console, view: PlanView) -> None:
    """The plan for people: steps, images, external inputs, outputs, placeholders, findings."""
    _section(console, f"{view.pipeline_name}: steps in order", _steps_table(view))
    if show_substitutions(console, _image_plans(view)):
        console.print()
    if view.inputs:
        _section(console, "What must be there before the run", _inputs_table(view.inputs))
    if view.registry.list_all_steps():
        _section(
            console, f"Outputs{f' under {view.prefix}' if view.prefix else ''}", outputs_table(view.registry)
        )
    if view.placeholders:
        _section(console, "Parameters that get a placeholder", _placeholders_table(view.placeholders))
    show_findings(console, view.findings)
    console.print()
    errors = [f for f in view.findings if f.severity is Severity.ERROR and f.suppressed is None]
    console.print(verdict_line(_verdict(view), errors), soft_wrap=True)


def _verdict(view: PlanView) -> Verdict:
    return verdict_on(view.substitutes, view.blocking)


def _section(console: Console, title: str, content: Table | LocatedRows) -> None:
    console.print(shown(title, "bold"))
    console.print(content, soft_wrap=isinstance(content, LocatedRows))
    console.print()


def _step(view: PlanView, name: str) -> PlannedStepReport:
    step = view.definition.steps_by_name[name]
    image = view.images.get(name)
    names = view.graph.names
    upstream = tuple(sorted(view.graph.upstream(name), key=names.index))
    ends = {above: view.graph.trigger(above, name) for above in upstream}
    return PlannedStepReport(
        name=name,
        type=step.type,
        upstream=upstream,
        triggers={above: end for above, end in ends.items() if end != "Completed"},
        condition=f"{step.parent}: {step.branch}" if step.parent else None,
        image=image.uri if image else None,
        local_image=image.plan.reference if image and image.plan else None,
        selected=view.runs(name),
        reused_from=view.source_of(name),
        substitute=view.substitutes[name].said if name in view.substitutes else None,
    )


def _steps_table(view: PlanView) -> LocatedRows:
    made = LocatedRows("STEP", "TYPE", "AFTER", "IMAGE")
    for name in view.graph.order():
        step = _step(view, name)
        made.add_row(
            shown(f"  {name}" if step.condition else name),
            shown(step.type, "dim"),
            shown(", ".join(_waited_for(above, step) for above in step.upstream)),
            _image_text(step),
        )
    return made


_ENDS: Mapping[Trigger, str] = {"Failed": "if it fails", "Stopped": "if it is stopped", "Any": "any end"}


def _waited_for(name: str, step: PlannedStepReport) -> str:
    trigger = step.triggers.get(name)
    return f"{name} ({_ENDS[trigger]})" if trigger else name


def _image_text(step: PlannedStepReport) -> Text:
    if not step.selected:
        source = (step.reused_from or "").rpartition("/")[2]
        return shown(f"from execution {source}" if source else "not selected", "dim")
    if step.substitute is not None:
        return shown(f"substitute: {step.substitute}", "yellow")
    if step.image is None:
        return Text("")
    if step.local_image is None:
        return Text.assemble(
            shown(step.image), ("  none here; name one under [images] in seatrial.toml", "bold red")
        )
    local = without_tag(step.local_image)
    if step.image in (step.local_image, local):  # a function's image is ours, and has our tag
        return shown(step.image)
    return Text.assemble(shown(without_registry(step.image)), (" → ", "dim"), shown(local))


def _image_plans(view: PlanView) -> list[ImagePlan]:
    return [image.plan for image in view.images.values() if image.plan]


def _input(planned: PlannedInput) -> PlannedInputReport:
    return PlannedInputReport(
        uri=planned.found.uri,
        location=planned.found.text,
        kind=planned.found.kind,
        readers=planned.found.readers,
        parameters=planned.found.parameters,
        present=planned.present,
        seed=planned.seed,
    )


_PRESENCE = {True: ("there", "green"), False: ("missing", "bold red"), None: ("not known yet", "dim")}


def _inputs_table(inputs: Sequence[PlannedInput]) -> LocatedRows:
    made = LocatedRows("STATE", "READ BY", "FROM", "INPUT")
    for planned in inputs:
        word, style = _PRESENCE[planned.present]
        source = ", ".join(f"parameter {name}" for name in planned.found.parameters)
        made.add_row(
            shown(f"seed {planned.seed}" if planned.seed else word, "green" if planned.seed else style),
            shown(", ".join(planned.found.readers)),
            shown(source, "dim"),
            shown(planned.found.text),
        )
    return made


def _placeholders_table(placeholders: Mapping[str, ParameterValue]) -> Table:
    made = table("PARAMETER", "VALUE HERE")
    for name, value in placeholders.items():
        made.add_row(shown(name), shown(value, "dim"))
    return made
