"""Inputs that are wired to an output which is unlikely the one meant, as their names and kinds tell."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Plan
from seatrial.dataflow.reads import Read
from seatrial.dataflow.roles_of_data import role_of
from seatrial.definition import Step, references
from seatrial.definition.remote_functions import remote_function
from seatrial.outputs import DeclaredOutput
from seatrial.ports.findings import Finding, Severity

# What the SDK names as the program of a step that puts a script into an archive: its channel is a model.
_REPACKING = ("_repack_model.py", "_repack_script_launcher.sh")


def implausible_producers(plan: Plan) -> Iterator[Finding]:
    """One finding for each input whose name speaks for another output than the one that it has."""
    for read in plan.reads:
        output = wired_to(plan, read)
        step = plan.definition.step(read.step)
        if output is not None and step is not None and not _follows_no_names(step):
            yield from _judge(plan, read, output)


def wired_to(plan: Plan, read: Read) -> DeclaredOutput | None:
    """The output that an input refers to, and to nothing else; None for text and for code."""
    found = list(references(read.location)) if read.kind in ("data", "model") else []
    if len(found) != 1 or found[0].kind != "step":
        return None
    label = plan.referred(found[0].name, found[0].property_path or "")
    return next((o for o in plan.outputs if (o.step, o.name) == label), None)


def _judge(plan: Plan, read: Read, output: DeclaredOutput) -> Iterator[Finding]:
    wanted, given = role_of(read.name), role_of(output.name)
    model = output.data_type == "ModelArtifacts"
    if read.kind == "model" or wanted == "model":
        if given in ("train", "validation", "test"):
            yield _finding(read, output, f"is a model, and {_label(output)} is data", "a model")
    elif wanted and model:
        yield _finding(read, output, f"is data, and {_label(output)} is a model", "data")
    elif better := _called_so(plan, read, output):
        known = wanted is not None and given is not None
        yield _finding(
            read,
            output,
            f"is wired to {_label(output)}, and {output.step} has an output {better.name!r} as well",
            f"{{Steps.{better.step}.{better.property_path}}}",
            None if known else Severity.NOTE,
        )


def _called_so(plan: Plan, read: Read, output: DeclaredOutput) -> DeclaredOutput | None:
    """Another output of the same step that is called as the input is, where the wired one is not."""
    wanted = role_of(read.name)
    if output.name == read.name or (wanted is not None and role_of(output.name) == wanted):
        return None
    others = [o for o in plan.outputs if o.step == output.step and o.name != output.name]
    exact = next((o for o in others if o.name == read.name), None)
    role = next((o for o in others if wanted is not None and role_of(o.name) == wanted), None)
    # A role is met by any word for it; a name of no role only if the wired output is somebody's name too.
    if wanted is not None and role_of(output.name) is not None:
        return exact or role
    return exact if _is_swapped(plan, read, output) else None


def _is_swapped(plan: Plan, read: Read, output: DeclaredOutput) -> bool:
    """Whether the reader has another input that is called as the wired output is."""
    return any(r.step == read.step and r.name == output.name and r != read for r in plan.reads)


def _follows_no_names(step: Step) -> bool:
    program = step.arguments.get("HyperParameters", {}).get("sagemaker_program", "")
    repacks = isinstance(program, str) and program.strip('"') in _REPACKING
    return repacks or remote_function(step.arguments) is not None


def _label(output: DeclaredOutput) -> str:
    return f"{output.step}.{output.name}"


def _finding(
    read: Read, output: DeclaredOutput, what: str, expected: str, severity: Severity | None = None
) -> Finding:
    return finding(
        "ST127",
        f"input {read.name!r} of {read.step} {what}",
        where=read.pointer,
        also=output.pointer,
        step=read.step,
        severity=severity,
        expected=expected,
        observed=f"{{Steps.{output.step}.{output.property_path}}}",
    )
