"""Inputs that are wired to an output which is unlikely the one meant, as their names and kinds tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

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

_T = TypeVar("_T", Read, DeclaredOutput)


def implausible_producers(plan: Plan) -> Iterator[Finding]:
    """One finding for each input whose name speaks for another output than the one that it has."""
    outputs = _by_step(plan.outputs)
    reads = _by_step(plan.reads)
    for read in plan.reads:
        output = _wired_to(plan, read, outputs)
        step = plan.definition.step(read.step)
        if output is not None and step is not None and not _follows_no_names(step):
            yield from _judge(read, output, reads[read.step], outputs[output.step])


def _by_step(things: Iterable[_T]) -> dict[str, list[_T]]:
    found: dict[str, list[_T]] = {}
    for thing in things:
        found.setdefault(thing.step, []).append(thing)
    return found


def _wired_to(plan: Plan, read: Read, outputs: Mapping[str, list[DeclaredOutput]]) -> DeclaredOutput | None:
    """The output that an input refers to, and to nothing else; None for text and for code."""
    found = list(references(read.location)) if read.kind in ("data", "model") else []
    if len(found) != 1 or found[0].kind != "step":
        return None
    label = plan.referred(found[0].name, found[0].property_path or "")
    return next((o for o in outputs.get(found[0].name, ()) if (o.step, o.name) == label), None)


def _judge(
    read: Read, output: DeclaredOutput, reads: Sequence[Read], outputs: Sequence[DeclaredOutput]
) -> Iterator[Finding]:
    wanted, given = role_of(read.name), role_of(output.name)
    model = output.data_type == "ModelArtifacts"
    if read.kind == "model" or wanted == "model":
        if given in ("train", "validation", "test"):
            yield _finding(read, output, f"is a model, and {_label(output)} is data", "a model")
    elif wanted and model:
        yield _finding(read, output, f"is data, and {_label(output)} is a model", "data")
    elif better := _called_so(read, output, reads, outputs):
        known = wanted is not None and given is not None
        yield _finding(
            read,
            output,
            f"is wired to {_label(output)}, and {output.step} has an output {better.name!r} as well",
            f"{{Steps.{better.step}.{better.property_path}}}",
            None if known else Severity.NOTE,
        )


def _called_so(
    read: Read, output: DeclaredOutput, reads: Sequence[Read], outputs: Sequence[DeclaredOutput]
) -> DeclaredOutput | None:
    """Another output of the same step that is called as the input is, where the wired one is not."""
    wanted = role_of(read.name)
    if output.name == read.name or (wanted is not None and role_of(output.name) == wanted):
        return None
    others = [other for other in outputs if other.name != output.name]
    exact = next((o for o in others if o.name == read.name), None)
    role = next((o for o in others if wanted is not None and role_of(o.name) == wanted), None)
    # A role is met by any word for it; a name of no role only if the wired output is somebody's name too.
    if wanted is not None and role_of(output.name) is not None:
        return exact or role
    swapped = any(other.name == output.name and other != read for other in reads)
    return exact if swapped else None


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
