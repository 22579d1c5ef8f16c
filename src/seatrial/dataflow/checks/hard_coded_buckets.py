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
# What AWS gives everybody to read: such a place is the same under any prefix and in any account.
_PUBLIC = re.compile(
    r"^s3[an]?://(?:sagemaker-(?:sample-(?:files|data-[a-z0-9-]+)|example-files-prod-[a-z0-9-]+|"
    r"servicecatalog-seedcode-[a-z0-9-]+)|jumpstart-(?:private-)?cache-[a-z0-9-]+|registry\.opendata\.aws)(?:/|$)"
)


def hard_coded_buckets(plan: Plan) -> Iterator[Finding]:
    """One finding for each place that names a bucket and could not be told to name another."""
    prefixed = plan.definition.parameter(PREFIX_PARAMETER) is not None
    reads_follow = any(_is_data(read) and _follows_a_parameter(read.location, plan) for read in plan.reads)
    outputs_follow = any(_follows_a_parameter(output.location, plan) for output in plan.outputs)
    for read in plan.reads:
        if read.kind == "mention" and (prefixed or reads_follow or outputs_follow):
            yield from _mentioned(plan, read, None if prefixed else Severity.NOTE)
        elif _is_data(read) and _literal(read.location) and reads_follow:
            yield from _read(plan, read)
    if outputs_follow and not prefixed:
        yield from _outputs(plan)


def _mentioned(plan: Plan, read: Read, severity: Severity | None) -> Iterator[Finding]:
    step = plan.definition.step(read.step)
    if step is None or remote_function(step.arguments) or is_notebook(step.arguments):
        return  # the SDK writes what such jobs are told
    if read.name.rpartition(".")[2].startswith(_GENERATED):
        return
    found = _BUCKET.search(read.location) if isinstance(read.location, str) else None
    if found and not _is_well(plan, read, found.group()):
        what = f"{read.step} is handed a bucket that is written out, in {read.name!r}"
        yield _finding(what, read.pointer, read.step, found.group(), severity)


def _read(plan: Plan, read: Read) -> Iterator[Finding]:
    place = str(read.location)
    if not _is_well(plan, read, place):
        what = f"{read.step} reads its input {read.name!r} from a bucket that is written out"
        yield _finding(what, read.pointer, read.step, place, Severity.NOTE)


def _outputs(plan: Plan) -> Iterator[Finding]:
    """Without the prefix no other check speaks of them."""
    for output in plan.outputs:
        if _literal(output.location) and not output.lasting:
            what = f"output {output.name!r} of {output.step} goes to a bucket that is written out"
            yield _finding(what, output.pointer, output.step, str(output.location), Severity.NOTE)


def _is_data(read: Read) -> bool:
    return read.kind in ("data", "model", "json") and read.name not in _UPLOADED


def _literal(location: Json) -> bool:
    return isinstance(location, str) and is_location(location)


def _follows_a_parameter(location: Json, plan: Plan) -> bool:
    """Whether a parameter can tell another place: then the author meant that it can.

    What lies under the prefix belongs to the run; a parameter that has no value yet may be a location.
    """
    names = {reference.name for reference in references(location) if reference.kind == "parameter"}
    return bool(names - {PREFIX_PARAMETER}) and text_of(location, plan.known).text.startswith(("s3://", "{"))


def _is_well(plan: Plan, read: Read, place: str) -> bool:
    """Whether it is everybody's, or said already: a reference is missing, or it is the step's own output."""
    return bool(_PUBLIC.match(place)) or any(
        within(place, written) and (output.step != read.step or _literal(output.location))
        for output, written in plan.places
    )


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
