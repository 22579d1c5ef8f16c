"""Buckets that are written out where the definition has parameters for the like.

Many sound pipelines name one set of data by its bucket and nothing else: that alone is not worth a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import PREFIX_PARAMETER, Plan
from seatrial.dataflow.places import is_location, within
from seatrial.dataflow.reads import Read
from seatrial.definition import Json, references
from seatrial.definition.remote_functions import is_notebook, remote_function
from seatrial.outputs import text_of
from seatrial.ports.findings import Finding, Severity

_BUCKET = re.compile(r"\bs3[an]?://(?=[a-z0-9])[a-z0-9.-]{3,63}(?:/[^\s\"',;]*)?")

# Inputs whose files the SDK uploads itself: configurations of checks, scripts of monitors, what Spark needs.
_UPLOADED = frozenset(
    {"analysis_config", "pre_processor_script", "post_processor_script", "conf", "py-files", "jars", "files"}
)
_GENERATED = "sagemaker_"


def hard_coded_buckets(plan: Plan) -> Iterator[Finding]:
    """One finding for each place that names a bucket and could not be told to name another."""
    prefixed = plan.definition.parameter(PREFIX_PARAMETER) is not None
    for read in plan.reads:
        if read.kind == "mention":
            if prefixed or _parameterised(plan):
                yield from _mentioned(plan, read, None if prefixed else Severity.NOTE)
        elif _is_data(read) and _literal(read.location) and _parameterised_reads(plan):
            yield from _read(plan, read)
    if not prefixed:
        yield from _outputs(plan)


def _mentioned(plan: Plan, read: Read, severity: Severity | None) -> Iterator[Finding]:
    step = plan.definition.step(read.step)
    if step is None or remote_function(step.arguments) or is_notebook(step.arguments):
        return  # the SDK writes what such jobs are told
    if read.name.rpartition(".")[2].startswith(_GENERATED):
        return
    found = _BUCKET.search(read.location) if isinstance(read.location, str) else None
    if found and not _is_an_outputs(plan, found.group()):
        what = f"{read.step} is handed a bucket that is written out, in {read.name!r}"
        yield _finding(what, read.pointer, read.step, found.group(), severity)


def _read(plan: Plan, read: Read) -> Iterator[Finding]:
    place = str(read.location)
    if not _is_an_outputs(plan, place):
        what = f"{read.step} reads its input {read.name!r} from a bucket that is written out"
        yield _finding(what, read.pointer, read.step, place, Severity.NOTE)


def _outputs(plan: Plan) -> Iterator[Finding]:
    """Without the prefix no other check speaks of them; then others that follow a parameter must be there."""
    if any(_follows_a_parameter(output.location) for output in plan.outputs):
        for output in plan.outputs:
            if _literal(output.location) and not output.lasting:
                what = f"output {output.name!r} of {output.step} goes to a bucket that is written out"
                yield _finding(what, output.pointer, output.step, str(output.location), Severity.NOTE)


def _is_data(read: Read) -> bool:
    return read.kind in ("data", "model", "json") and read.name not in _UPLOADED


def _literal(location: Json) -> bool:
    return isinstance(location, str) and is_location(location)


def _parameterised(plan: Plan) -> bool:
    return _parameterised_reads(plan) or any(_follows_a_parameter(o.location) for o in plan.outputs)


def _parameterised_reads(plan: Plan) -> bool:
    """Whether any other data of the kind can be told by a parameter: then the author meant that it can."""
    return any(_is_data(read) and _follows_a_parameter(read.location, plan) for read in plan.reads)


def _follows_a_parameter(location: Json, plan: Plan | None = None) -> bool:
    names = [reference.name for reference in references(location) if reference.kind == "parameter"]
    if plan is None:
        return bool(names)
    text = text_of(location, plan.known).text
    # What lies under the prefix belongs to the run; a parameter that has no value yet may be a location.
    return any(name != PREFIX_PARAMETER for name in names) and text.startswith(("s3://", "{"))


def _is_an_outputs(plan: Plan, place: str) -> bool:
    """Whether a step writes there: then it is said of the reference that is missing, or of the output."""
    return any(within(place, written) for _, written in plan.places)


def _finding(what: str, where: str, step: str, place: str, severity: Severity | None) -> Finding:
    return finding(
        "ST125",
        what,
        where=where,
        step=step,
        severity=severity,
        expected="a location that begins with a parameter",
        observed=place,
    )
