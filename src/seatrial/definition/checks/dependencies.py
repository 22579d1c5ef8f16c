"""Order between steps: what DependsOn names, what branches make of it, and cycles."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.definition import pointers
from seatrial.definition.checks.subject import Subject, error, warning
from seatrial.definition.graph import cycle_finding, resolve_dependency
from seatrial.definition.model import Step
from seatrial.definition.report import suggestion
from seatrial.ports.findings import Finding


def check_dependencies(subject: Subject) -> Iterator[Finding]:
    """Every DependsOn entry names a step that can be waited for."""
    for step in subject.definition.all_steps():
        for index, dependency in enumerate(step.depends_on):
            where = pointers.child(step.pointer, "DependsOn", index)
            yield from _dependency(dependency.name, step, where, subject)
        yield from _contradictions(step)


def _contradictions(step: Step) -> Iterator[Finding]:
    """A step has one end: to wait for two of them is to wait for ever, whatever the service makes of it."""
    triggers = {dependency.name: dependency.trigger for dependency in step.depends_on}
    for index, dependency in enumerate(step.depends_on):
        if dependency.trigger != triggers[dependency.name]:
            message = (
                f"DependsOn waits for {dependency.name!r} twice: {dependency.trigger} and "
                f"{triggers[dependency.name]}"
            )
            where = pointers.child(step.pointer, "DependsOn", index)
            yield error("ST016", message, where, 'name it once; "Any" is every end', step=step)


def _dependency(name: str, step: Step, where: str, subject: Subject) -> Iterator[Finding]:
    resolved = resolve_dependency(name, subject.definition)
    upstream = subject.definition.step(resolved) if resolved is not None else None
    if upstream is None:
        message = f"DependsOn names step {name!r}, which the pipeline has not"
        yield error("ST012", message, where, suggestion(name, subject.definition.steps_by_name), step=step)
    elif upstream.name != name:
        message = f"DependsOn names the collection {name!r}; its last step {upstream.name!r} is meant"
        yield warning("ST016", message, where, f"write {upstream.name!r}", step=step, also=upstream.pointer)
    elif upstream.type == "Fail":
        message = f"step {step.name!r} cannot depend on the Fail step {name!r}"
        yield error("ST016", message, where, "remove it from DependsOn", step=step, also=upstream.pointer)
    elif upstream.type == "Condition":
        # Reported by users of the service; its documentation is silent.
        message = f"DependsOn names the condition {name!r}; the service was seen to refuse that"
        hint = "move the step into a branch of the condition, or refer to the condition's Outcome"
        yield warning("ST016", message, where, hint, step=step, also=upstream.pointer)


def check_branches(subject: Subject) -> Iterator[Finding]:
    """No step waits for one that another branch, or a branch not taken, keeps from running."""
    definition = subject.definition
    for edge in subject.graph.edges:
        upstream, step = definition.steps_by_name[edge.upstream], definition.steps_by_name[edge.downstream]
        around, own = _branches(upstream, subject), _branches(step, subject)
        if edge.kind == "branch" or step.name in around:
            continue
        if any(condition in own and own[condition] != branch for condition, branch in around.items()):
            message = f"step {step.name!r} waits for {upstream.name!r}, which stands in the other branch"
            hint = "only one branch runs: put both steps into the same one"
            yield error("ST019", message, edge.pointer, hint, step=step, also=upstream.pointer)
        elif elsewhere := [condition for condition in around if condition not in own]:
            message = (
                f"step {step.name!r} waits for {upstream.name!r}, which runs only if condition "
                f"{elsewhere[0]!r} takes {around[elsewhere[0]]}"
            )
            hint = f"move {step.name!r} into that branch"
            yield warning("ST019", message, edge.pointer, hint, step=step, also=upstream.pointer)


def _branches(step: Step, subject: Subject) -> dict[str, str | None]:
    """Every condition that the step stands in, with its branch; the innermost first."""
    found = dict[str, str | None]()
    while step.parent is not None:
        found[step.parent] = step.branch
        step = subject.definition.steps_by_name[step.parent]
    return found


def check_cycles(subject: Subject) -> Iterator[Finding]:
    """No steps wait for each other."""
    graph = subject.graph
    yield from (cycle_finding(graph, cycle) for cycle in graph.cycles())
