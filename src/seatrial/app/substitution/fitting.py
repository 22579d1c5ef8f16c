"""Whether what stands in for a step fits it: names, files, and what other steps read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from seatrial.app.substitution.properties import ill_typed, unresolved
from seatrial.app.substitution.replays import unreplayable
from seatrial.app.substitution.suggesting import TO_FILL_IN, has_outputs, left_blank, read_of, suggested
from seatrial.dataflow.codes import finding
from seatrial.definition import PipelineDefinition, Step
from seatrial.definition.report import suggestion
from seatrial.engines.substitutes.changing import CHANGEABLE
from seatrial.errors import RefusedError, StorageError
from seatrial.execution import STEP_TYPES
from seatrial.execution.steps.job import JobStep
from seatrial.execution.substitution.placeholders import filled_in, known_words, unknown_words
from seatrial.outputs import declared_outputs
from seatrial.ports.executions import ExecutionRecord
from seatrial.ports.findings import Finding
from seatrial.ports.storage import ObjectStore, S3Uri
from seatrial.ports.substitutes import Substitute
from seatrial.records import Records
from seatrial.storage.seeds import Seed
from seatrial.storage.sowing import check_seed, files_of

# Of no files, they are archives all the same.
_PACKED = frozenset({"model", "output"})

# They decide or end the execution: what they do is the pipeline's own logic.
_LOGIC = frozenset({"Condition", "Fail"})

Trouble = tuple[str, str]
"""What is wrong, and what to do."""


@dataclass(frozen=True)
class Around:
    """What a substitute is looked at with; without records or a store, nothing was ever run.

    `execution` is as it would begin.
    """

    definition: PipelineDefinition
    execution: ExecutionRecord
    records: Records | None
    store: ObjectStore | None


def misfits(substitutes: Mapping[str, Substitute], around: Around) -> Iterator[Finding]:
    """One error for each thing about each substitute that keeps it from doing the step's work."""
    for step in around.definition.all_steps():
        substitute = substitutes.get(step.name)
        for message, hint in _troubles(step, substitute, around) if substitute else ():
            where = f'substitutes."{step.name}"'
            yield finding("ST231", f"step {step.name!r}: {message}", where=where, hint=hint, step=step.name)


def _troubles(step: Step, substitute: Substitute, around: Around) -> Iterator[Trouble]:
    if step.type in _LOGIC:
        yield (
            f"{step.type} steps decide here as they do on the service, and take no substitute",
            "substitute the step whose outcome it reads",
        )
        return
    for look in _LOOKS[substitute.kind]:
        yield from look(step, substitute, around)


def _outputs(step: Step, substitute: Substitute, around: Around) -> Iterator[Trouble]:
    declared = {output.name for output in declared_outputs(step)}
    if has_outputs(step) and step.type == "Training":
        declared.add("output")
    for name in substitute.outputs:
        if not has_outputs(step):
            hint = (
                f"give properties, and objects for the S3 URIs in them:\n{suggested(step, around.definition)}"
            )
            yield f"the outputs of {step.type} steps have no names, so {name!r} cannot be given", hint
        elif name not in declared:
            yield f"it declares no output {name!r}", suggestion(name, sorted(declared))


def _wanted(step: Step, substitute: Substitute, around: Around) -> Iterator[Trouble]:
    """Every output that another step reads is given, and the property files in it."""
    outputs, _ = read_of(step, around.definition)
    for name in outputs:
        if has_outputs(step) and name not in substitute.outputs:
            hint = f"add it:\n{suggested(step, around.definition)}"
            yield f"other steps read its output {name!r}, which the substitute does not give", hint
    for file in step.property_files:
        given = Path(substitute.outputs.get(file.output_name, ""))
        if file.output_name not in outputs or not given.exists() or given == Path():
            continue
        path = (given if given.is_dir() else given.parent) / file.file_path.lstrip("/")
        if not path.is_file() or (given.is_file() and path != given):
            yield f"its property file {file.name!r} would be {path}, which is not there", "write that file"


def _files(step: Step, substitute: Substitute, around: Around) -> Iterator[Trouble]:
    given = {**substitute.outputs, **substitute.objects, **substitute.inputs}
    if substitute.script:
        given["script"] = substitute.script
    for name, text in given.items():
        if not Path(text).exists():
            yield f"there is no {text}, which is given for {name!r}", "correct the path, or make the data"
        elif name != "script" and not (step.type == "Training" and name in _PACKED):
            yield from _empty(name, Path(text))


def _empty(name: str, path: Path) -> Iterator[Trouble]:
    try:
        next(iter(files_of(path)), None)
    except RefusedError as empty:
        yield f"{empty.message}, which is given for {name!r}", empty.hint or "put the data there"


def _objects(step: Step, substitute: Substitute, around: Around) -> Iterator[Trouble]:
    known = known_words(around.execution)
    for uri, path in filled_in(substitute, around.execution).objects.items():
        unknown = unknown_words(uri, known)
        for word in unknown:
            yield f"objects: {{{word}}} in {uri} stands for nothing", suggestion(word, sorted(known))
        if not unknown:
            yield from _place(uri, Path(path))


def _place(uri: str, path: Path) -> Iterator[Trouble]:
    """What keeps the local data from becoming objects there."""
    try:
        check_seed(Seed(S3Uri.parse(uri), path, uri))
    except ValueError as malformed:
        yield f"objects: {malformed}", 'write "s3://bucket/prefix" = "a folder or file"'
    except StorageError as refused:
        yield f"objects: {refused.message}", refused.hint or "name another place"
    except RefusedError:
        return  # an empty folder, which is told of by itself


def _properties(step: Step, substitute: Substitute, around: Around) -> Iterator[Trouble]:
    shape = STEP_TYPES[step.type].shape if step.type in STEP_TYPES else None
    if shape is not None:
        yield from ill_typed(substitute.properties, shape)
    for blank in left_blank(substitute.properties):
        yield (
            f"its property {blank} is still to be filled in",
            f"write its value in the place of {TO_FILL_IN}",
        )
    _, paths = read_of(step, around.definition)
    for path in unresolved(substitute.properties, paths):
        hint = f"add it:\n{suggested(step, around.definition)}"
        yield f"other steps read its property {path}, which the substitute does not give", hint


def _changes(step: Step, substitute: Substitute, around: Around) -> Iterator[Trouble]:
    """Another script, image or input needs a container that runs here."""
    step_type = STEP_TYPES.get(step.type)
    kind = step_type.kind if isinstance(step_type, JobStep) else None
    if kind not in CHANGEABLE or (kind == "Transform" and substitute.kind != "image"):
        yield (
            f"{step.type} steps take no {substitute.kind} as a substitute",
            f"give their outcome:\n{suggested(step, around.definition)}",
        )


def _inputs(step: Step, substitute: Substitute, around: Around) -> Iterator[Trouble]:
    names = [
        str(item.get(field))
        for group, field in (("ProcessingInputs", "InputName"), ("InputDataConfig", "ChannelName"))
        for item in _items(step.arguments.get(group))
    ]
    for name in substitute.inputs:
        if name not in names:
            yield f"it declares no input {name!r}", suggestion(name, names)


def _items(value: object) -> list[Mapping[str, object]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _replay(step: Step, substitute: Substitute, around: Around) -> Iterator[Trouble]:
    yield from unreplayable(step, str(substitute.execution), around.records, around.store)


Look = Callable[[Step, Substitute, Around], Iterator[Trouble]]
_LOOKS: Mapping[str, tuple[Look, ...]] = {
    "data": (_outputs, _wanted, _files, _objects, _properties),
    "script": (_changes, _inputs, _files),
    "image": (_changes, _inputs, _files),
    "inputs": (_changes, _inputs, _files),
    "replay": (_replay,),
}
