"""Everything that can be said before a run, all of it, while nothing has started."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from seatrial.app.abilities import ignored, unsupported
from seatrial.app.callbacks import unanswered
from seatrial.app.functions import Functions, unknown_functions
from seatrial.app.hosted_endpoints import ignored_of_endpoints, unhosted_endpoints, unselected_endpoints
from seatrial.app.images import planned_images
from seatrial.app.parts import Parts
from seatrial.app.remote_functions import unfit_functions
from seatrial.app.role_policy import asked_of, chosen_role, refuse_engine
from seatrial.app.selecting import lost_outputs, outputs_of, selection_of, steps_to_run
from seatrial.app.served_models import unserved_models
from seatrial.app.substitution import (
    Around,
    Substitutes,
    chosen_substitutes,
    helpless_types,
    inputs_left,
    misfits,
    shapes_with,
    steps_at_work,
    with_replay,
    without_substitute,
)
from seatrial.app.suppressing import with_suppressions
from seatrial.app.unheld_contents import unheld_contents
from seatrial.app.wishes import Wishes
from seatrial.dataflow import ExternalInput, external_inputs, judge_definition, settings_without_effect
from seatrial.dataflow.codes import finding
from seatrial.dataflow.permissions import Role
from seatrial.definition import (
    ParameterValue,
    PipelineDefinition,
    Step,
    bind_parameters,
    build_graph,
    check,
    parse,
    parse_and_check,
    placeholders_for,
)
from seatrial.errors import DefinitionError, SeatrialError
from seatrial.execution import PREFIX_PARAMETER, STEP_TYPES, Account, chosen_prefix
from seatrial.execution.experiment import resolved_experiment
from seatrial.outputs import known_of, registry_of_definition
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, Selection
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.storage import ObjectStore, S3Uri
from seatrial.ports.substitutes import Substitute
from seatrial.reports.plan import PlannedInput, PlanView
from seatrial.storage import Seed, covers, parse_seed, read_seeds

# What stands where the id of an execution will.
_NOT_YET = "EXECUTION-ID"

SHAPES = {name: step_type.shape for name, step_type in STEP_TYPES.items()}


@dataclass(frozen=True)
class Preflight:
    """A definition that may run, and what is known of it; `view` shows it, `seeds` are to be sown first."""

    definition: PipelineDefinition
    view: PlanView
    seeds: tuple[Seed, ...]
    selection: Selection | None = None
    substitutes: Mapping[str, Substitute] = field(default_factory=dict)
    role: Role | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found; an error among them does not keep the pipeline from running."""
        return tuple(self.view.findings)

    @property
    def settled(self) -> tuple[Finding, ...]:
        """Those that the run cannot change; the data flow is judged anew when it is known."""
        return tuple(replace(f, suppressed=None) for f in self.findings if not f.code.startswith("ST1"))


def preflight(parts: Parts, wishes: Wishes) -> Preflight:
    """Look at everything; refuse what the service, or the engine, would refuse."""
    try:
        definition = parse(wishes.definition_text, source=wishes.source)
        prefix = chosen_prefix(definition, wishes.parameters, wishes.prefix, _default_prefix(parts, wishes))
        overrides = {**wishes.parameters, PREFIX_PARAMETER: prefix} if prefix else wishes.parameters
        bound = bind_parameters(definition, overrides)
    except SeatrialError:
        # What else is wrong with the definition is said first, and all of it at once.
        parse_and_check(wishes.definition_text, SHAPES, source=wishes.source)
        raise
    role = chosen_role(parts.settings)
    refuse_engine(role, wishes.engine)
    substitutes = _substitutes(parts, wishes, definition)
    found = check(definition, shapes_with(SHAPES, definition, substitutes.by_step), bound)
    _refuse_errors(found)
    execution = _stand_in(parts, wishes, bound)
    resolved_experiment(definition, execution, parts.clock.now())
    graph = build_graph(definition)
    selection = selection_of(parts, wishes, definition, graph)
    steps = steps_to_run(definition, selection)
    engine = parts.engine(wishes.engine)
    substitutes = _replaying_helpless(parts, wishes, substitutes, definition, steps, bound)
    at_work = steps_at_work(steps, substitutes.by_step)
    images = dict(planned_images(parts, definition, steps, known_of(definition, bound), substitutes.by_step))
    unfit = list(unfit_functions(at_work, images))
    around = Around(definition, execution, parts.existing_records, parts.running_store)
    _refuse_errors(
        [
            *misfits(substitutes.of(steps), around),
            *without_substitute(definition, steps, substitutes.by_step),
            *_impossible(parts, wishes, definition, bound, steps, substitutes.by_step),
            *unselected_endpoints(definition, graph, steps),
            *unfit,
        ]
    )
    seeds = read_all_seeds(wishes)
    inputs = inputs_left(external_inputs(definition, bound), at_work, substitutes.by_step)
    view = PlanView(
        pipeline_name=wishes.pipeline_name,
        definition=definition,
        graph=graph,
        parameters=bound,
        registry=outputs_of(registry_of_definition(definition, bound), selection),
        prefix=prefix,
        placeholders=placeholders_for(definition, overrides),
        images=images,
        inputs=tuple(
            _inputs(
                inputs,
                (*seeds, *substitutes.sown(steps, execution)),
                parts.running_store,
            )
        ),
        findings=with_suppressions(
            parts.settings,
            (
                *found,
                *asked_of(at_work, judge_definition(definition, bound, role=role, scripts=parts.contracts)),
                *parts.contracts.unused(definition),
                *unheld_contents(parts.settings.contents, definition),
                *settings_without_effect(
                    definition,
                    {**ignored(engine, at_work), **ignored_of_endpoints(definition, at_work)},
                    role=role,
                ),
                *substitutes.findings(definition, steps),
                *unfit,
                *unanswered(parts.settings.callbacks, at_work, known_of(definition, bound)),
            ),
        ),
        selection=selection,
        substitutes=substitutes.of(steps),
    )
    return Preflight(definition, view, seeds, selection, substitutes.of(steps), role)


def _substitutes(parts: Parts, wishes: Wishes, definition: PipelineDefinition) -> Substitutes:
    """Those that are asked for, and for steps of a type that runs no other way those that are replayed."""
    substitutes = chosen_substitutes(parts, wishes, definition)
    if wishes.replay:
        return substitutes
    return with_replay(parts, wishes, substitutes, helpless_types(definition, substitutes.by_step))


def _impossible(
    parts: Parts,
    wishes: Wishes,
    definition: PipelineDefinition,
    bound: Mapping[str, ParameterValue],
    steps: list[Step],
    substitutes: Mapping[str, Substitute],
) -> Iterator[Finding]:
    """What the steps that work themselves ask for and nobody here can do or has."""
    at_work = steps_at_work(steps, substitutes)
    yield from unsupported(parts.engine(wishes.engine), steps, substitutes)
    yield from unserved_models(parts, definition, at_work, bound)
    yield from unhosted_endpoints(parts, definition, at_work, bound)
    find_function = Functions(parts.settings, wishes.functions)
    yield from unknown_functions(find_function, at_work, known_of(definition, bound))


def _replaying_helpless(
    parts: Parts,
    wishes: Wishes,
    substitutes: Substitutes,
    definition: PipelineDefinition,
    steps: list[Step],
    bound: Mapping[str, ParameterValue],
) -> Substitutes:
    """Of the other steps, those that cannot do their work here or have no image are replayed as well."""
    if wishes.replay_from is None or wishes.replay:
        return substitutes
    refused = _impossible(parts, wishes, definition, bound, steps, substitutes.by_step)
    known = known_of(definition, bound)
    images = dict(planned_images(parts, definition, steps, known, substitutes.by_step))
    helpless = {found.step for found in refused} | {name for name, image in images.items() if not image.plan}
    own = [step.name for step in steps if step.name not in substitutes.by_step]
    return with_replay(parts, wishes, substitutes, [name for name in own if name in helpless])


def read_all_seeds(wishes: Wishes) -> tuple[Seed, ...]:
    """The seeds of the file and of the command line; the latter win."""
    from_file = read_seeds(wishes.seeds_file).seeds if wishes.seeds_file else ()
    given = tuple(parse_seed(text) for text in wishes.seeds)
    replaced = {seed.uri for seed in given}
    return (*(seed for seed in from_file if seed.uri not in replaced), *given)


def missing_inputs(inputs: Iterable[PlannedInput]) -> list[Finding]:
    """One error for each external input that is neither in the store nor seeded."""
    return [
        finding(
            "ST103",
            f"nothing lies at {planned.found.text}, which {' and '.join(planned.found.readers)} will read",
            where=planned.found.pointers[0],
            hint="`seatrial seed PIPELINE` writes a seeds.toml to fill in; or add "
            f"--seed {planned.found.text}=./folder-or-file",
            step=planned.found.readers[0],
        )
        for planned in inputs
        if planned.present is False
    ]


def lost_inputs(parts: Parts, view: PlanView, store: ObjectStore | None) -> list[Finding]:
    """One error for each output of the selection's source that is to be read and is not as it was written."""
    if store is None or view.selection is None or view.selection.source_arn is None:
        return []
    source = parts.records.execution(view.selection.source_arn)
    return list(lost_outputs(source, view.selection.steps, view.definition, view.parameters, store))


def _refuse_errors(findings: Iterable[Finding]) -> None:
    errors = [found for found in findings if found.severity is Severity.ERROR]
    if errors:
        raise DefinitionError(errors)


def _default_prefix(parts: Parts, wishes: Wishes) -> str:
    """The default, whose last part is only known when the execution has begun."""
    return f"s3://{parts.settings.bucket}/{wishes.pipeline_name}/{_NOT_YET}"


def _stand_in(parts: Parts, wishes: Wishes, bound: Mapping[str, ParameterValue]) -> ExecutionRecord:
    """An execution as it would begin, to resolve what is resolved at the start."""
    account = Account(parts.settings.account_id, parts.settings.region)
    return ExecutionRecord(
        execution_id=_NOT_YET,
        arn=account.arn("pipeline", f"{wishes.pipeline_name}/execution/{_NOT_YET}"),
        pipeline_name=wishes.pipeline_name,
        pipeline_arn=account.arn("pipeline", wishes.pipeline_name),
        status=ExecutionStatus.EXECUTING,
        definition=wishes.definition_text,
        parameters=bound,
        prefix=None,
        started_at=parts.clock.now(),
    )


def _inputs(
    inputs: Iterable[ExternalInput], seeds: tuple[Seed, ...], store: ObjectStore | None
) -> Iterator[PlannedInput]:
    for found in inputs:
        seed = next((seed for seed in seeds if found.uri and covers(seed, found.uri)), None)
        yield PlannedInput(found, bool(seed) or _is_there(found, store), str(seed.path) if seed else None)


def _is_there(found: ExternalInput, store: ObjectStore | None) -> bool | None:
    if found.uri is None:
        return None
    try:
        uri = S3Uri.parse(found.uri)
    except ValueError:
        return None
    return store is not None and next(iter(store.list_objects(uri)), None) is not None
