"""Outputs that do not follow `EXECUTION_S3_PREFIX`; off for definitions without that parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import PREFIX_PARAMETER, Flow, Plan
from seatrial.dataflow.places import within
from seatrial.definition import Json, Step
from seatrial.definition.expressions import expression_of, parse_get
from seatrial.definition.remote_functions import remote_function
from seatrial.errors import ExpressionError
from seatrial.outputs import DeclaredOutput, text_of
from seatrial.ports.findings import Finding, Severity

# What the SDK names as the program of a step that puts a script into an archive; older ones the first.
_REPACKING = frozenset({"_repack_model.py", "_repack_script_launcher.sh"})


def planned_outside_prefix(plan: Plan) -> Iterator[Finding]:
    """Outputs whose location does not begin with the parameter, before anything ran."""
    if plan.definition.parameter(PREFIX_PARAMETER) is None:
        return
    prefix = text_of({"Get": f"Parameters.{PREFIX_PARAMETER}"}, plan.known).text
    for output in plan.outputs:
        first = _first_part(output.location)
        if output.lasting or _is_prefix(first) or _decided_upstream(first):
            continue
        place = text_of(output.location, plan.known).text
        if within(place, prefix):
            yield _frozen(output, place)
        else:
            yield _outside(plan, output, place, prefix)


def observed_outside_prefix(flow: Flow) -> Iterator[Finding]:
    """Outputs that were really written elsewhere, wherever their location came from."""
    prefix = flow.record.parameters.get(PREFIX_PARAMETER, flow.record.prefix)
    if flow.definition.parameter(PREFIX_PARAMETER) is None or prefix is None:
        return
    ran = {step.name for step in flow.ran()}
    for output in flow.plan.outputs:
        if output.step not in ran:
            continue  # what an earlier execution wrote lies under its prefix
        info = flow.registry.get_step_output_info(output.step, output.name)
        if info is not None and not output.lasting and not within(info.s3_uri, str(prefix)):
            yield _outside(flow.plan, output, info.s3_uri, str(prefix))


def _first_part(location: Json) -> Json:
    """What the location begins with: the first value of a Join that is not empty, however deep."""
    expression = expression_of(location)
    if expression is None or expression[0] != "Std:Join" or not isinstance(expression[1], Mapping):
        return location
    values = [value for value in expression[1].get("Values", []) if value != ""]
    return _first_part(values[0]) if values else ""


def _is_prefix(part: Json) -> bool:
    return expression_of(part) == ("Get", f"Parameters.{PREFIX_PARAMETER}")


def _decided_upstream(part: Json) -> bool:
    """Whether a step decides it during the run, so that only the observed place can be judged."""
    expression = expression_of(part)
    if expression is None:
        return False
    try:
        return expression[0] != "Get" or parse_get(expression[1]).root == "Steps"
    except ExpressionError:
        return True


def _frozen(output: DeclaredOutput, place: str) -> Finding:
    return finding(
        "ST105",
        f"output {output.name!r} of {output.step} repeats the prefix as text and will not follow it",
        where=output.pointer,
        step=output.step,
        expected=f"a Join that begins with {{Parameters.{PREFIX_PARAMETER}}}",
        observed=place,
    )


def _outside(plan: Plan, output: DeclaredOutput, place: str, prefix: str) -> Finding:
    step = plan.definition.step(output.step)
    return finding(
        "ST104",
        f"output {output.name!r} of {output.step} lies outside {PREFIX_PARAMETER}",
        where=output.pointer,
        step=output.step,
        severity=Severity.WARNING if step is not None and _placed_by_the_sdk(step) else None,
        expected=f"under {prefix}",
        observed=place,
    )


def _placed_by_the_sdk(step: Step) -> bool:
    """Whether the location follows the session's bucket: of functions, and of models that the SDK repacks."""
    program = step.arguments.get("HyperParameters", {}).get("sagemaker_program", "")
    repacks = isinstance(program, str) and program.strip('"') in _REPACKING
    return repacks or remote_function(step.arguments) is not None
