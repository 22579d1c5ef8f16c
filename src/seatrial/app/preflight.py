"""Everything that can be said before a run, all of it, while nothing has started."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seatrial.app import codes
from seatrial.app.parts import Parts
from seatrial.app.wishes import Wishes
from seatrial.dataflow import ExternalInput, external_inputs, judge_definition, settings_without_effect
from seatrial.dataflow.codes import finding
from seatrial.definition import (
    Graph,
    ParameterValue,
    PipelineDefinition,
    Step,
    bind_parameters,
    build_graph,
    check,
    parse,
    placeholders_for,
)
from seatrial.errors import DefinitionError
from seatrial.execution import PREFIX_PARAMETER, STEP_TYPES, chosen_prefix
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.jobs import JobKind
from seatrial.ports.storage import ObjectStore, S3Uri
from seatrial.storage.seeds import Seed, parse_seed, read_seeds

JOB_KINDS: Mapping[str, JobKind] = {"Processing": "Processing", "Training": "Training"}
"""Step types whose steps are one job of the engine."""


@dataclass(frozen=True)
class InputState:
    """An external input; `there` is None where nobody can say before the run."""

    found: ExternalInput
    there: bool | None
    seed: Seed | None


@dataclass(frozen=True)
class StepImage:
    """The image that a step names, and what runs in its place; `plan` is None where nothing does."""

    step: str
    uri: str
    plan: str | None


@dataclass(frozen=True)
class Preflight:
    """What was found; `findings` holds no error of the definition, for that is refused."""

    wishes: Wishes
    definition: PipelineDefinition
    graph: Graph
    bound: Mapping[str, ParameterValue]
    placeholders: Mapping[str, ParameterValue]
    prefix: str | None
    findings: tuple[Finding, ...]
    inputs: tuple[InputState, ...]
    images: tuple[StepImage, ...]
    seeds: tuple[Seed, ...]


def read_definition(wishes: Wishes) -> PipelineDefinition:
    """The definition, sound in itself; all its problems in one error otherwise."""
    definition = parse(wishes.definition_text, source=wishes.source)
    _refuse(check(definition, SHAPES))
    return definition


SHAPES = {name: step_type.shape for name, step_type in STEP_TYPES.items()}


def preflight(parts: Parts, wishes: Wishes) -> Preflight:
    """Look at everything; refuse what the service, or this engine, would refuse."""
    definition = read_definition(wishes)
    prefix = chosen_prefix(definition, wishes.parameters, wishes.prefix, _default_prefix(parts, wishes))
    overrides = {**wishes.parameters, PREFIX_PARAMETER: prefix} if prefix else wishes.parameters
    bound = bind_parameters(definition, overrides)
    findings = check(definition, SHAPES, bound)
    _refuse([*findings, *_unsupported(parts, wishes, definition)])
    seeds = read_all_seeds(wishes)
    return Preflight(
        wishes=wishes,
        definition=definition,
        graph=build_graph(definition),
        bound=bound,
        placeholders=placeholders_for(definition, overrides),
        prefix=prefix,
        findings=(
            *findings,
            *judge_definition(definition, bound),
            *settings_without_effect(definition),
        ),
        inputs=tuple(_states(external_inputs(definition, bound), seeds, parts.running_store)),
        images=tuple(_images(parts, definition, bound)),
        seeds=seeds,
    )


def read_all_seeds(wishes: Wishes) -> tuple[Seed, ...]:
    """The seeds of the file and of the command line; the latter win."""
    from_file = read_seeds(wishes.seeds_file).seeds if wishes.seeds_file else ()
    given = tuple(parse_seed(text) for text in wishes.seeds)
    replaced = {seed.uri for seed in given}
    return (*(seed for seed in from_file if seed.uri not in replaced), *given)


def missing_inputs(states: tuple[InputState, ...]) -> tuple[Finding, ...]:
    """One error for each external input that is neither in the store nor seeded."""
    return tuple(
        finding(
            "ST103",
            f"there is nothing at {state.found.text}, which {_and(state.found.readers)} will read",
            where=state.found.pointers[0],
            hint="seatrial seed PIPELINE writes a seeds.toml to fill in; or add "
            f"--seed {state.found.text}=./folder-or-file",
            step=state.found.readers[0],
            observed="no object with this prefix in the store, no seed for it",
        )
        for state in states
        if state.there is False
    )


def _refuse(findings: list[Finding]) -> None:
    errors = [found for found in findings if found.severity is Severity.ERROR]
    if errors:
        raise DefinitionError(errors)


def _default_prefix(parts: Parts, wishes: Wishes) -> str:
    """The default of D13, whose last part is only known when the execution has begun."""
    return f"s3://{parts.settings.bucket}/{wishes.pipeline_name}/EXECUTION-ID"


def _unsupported(parts: Parts, wishes: Wishes, definition: PipelineDefinition) -> Iterator[Finding]:
    """What the engine cannot do, said before the run and not in the middle of it."""
    engine = parts.engine(wishes.engine)
    for step in definition.all_steps():
        kind = JOB_KINDS.get(step.type)
        for line in engine.unsupported(kind, step.arguments) if kind else ():
            pointer, _, reason = line.partition(": ")
            yield Finding(
                code="ST201",
                severity=Severity.ERROR,
                message=f"step {step.name!r}: {reason}",
                where=f"{step.pointer}/Arguments{pointer}",
                hint=codes.KINDS["ST201"].remedy,
                step=step.name,
            )


def _states(
    inputs: list[ExternalInput], seeds: tuple[Seed, ...], store: ObjectStore | None
) -> Iterator[InputState]:
    for found in inputs:
        seed = next((seed for seed in seeds if _covers(seed, found)), None)
        yield InputState(found, True if seed else _is_there(found, store), seed)


def _covers(seed: Seed, found: ExternalInput) -> bool:
    """Whether the seed puts something at or beneath the input, or is a folder that holds it."""
    if not found.uri:
        return False
    target, wanted = str(seed.uri), found.uri
    return target.startswith(wanted) or wanted.rstrip("/").startswith(target.rstrip("/") + "/")


def _is_there(found: ExternalInput, store: ObjectStore | None) -> bool | None:
    if found.uri is None or found.local:
        return None
    try:
        uri = S3Uri.parse(found.uri)
    except ValueError:
        return None
    return store is not None and next(iter(store.list_objects(uri)), None) is not None


def _images(
    parts: Parts, definition: PipelineDefinition, bound: Mapping[str, ParameterValue]
) -> Iterator[StepImage]:
    for step in definition.all_steps():
        uri = image_of(step, bound)
        if uri:
            yield StepImage(step.name, uri, parts.images.plan(uri))


def image_of(step: Step, bound: Mapping[str, ParameterValue]) -> str | None:
    """The image URI of a step's job; None for a step without job, or where it is decided during the run."""
    if step.type == "Processing":
        named = step.arguments.get("AppSpecification", {}).get("ImageUri")
    elif step.type == "Training":
        named = step.arguments.get("AlgorithmSpecification", {}).get("TrainingImage")
    else:
        return None
    if isinstance(named, dict):
        reference = str(named.get("Get", ""))
        named = (
            bound.get(reference.removeprefix("Parameters.")) if reference.startswith("Parameters.") else None
        )
    return named if isinstance(named, str) else None


def _and(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
