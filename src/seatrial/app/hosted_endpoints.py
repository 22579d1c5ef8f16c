"""The configurations that Endpoint steps deploy, looked at before the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from seatrial.app.parts import Parts
from seatrial.app.pointed import is_recorded, pointed, refusals
from seatrial.dataflow.codes import finding
from seatrial.definition import Graph, ParameterValue, PipelineDefinition, Step
from seatrial.engines.hosting.unsupported import list_unsupported_of_config
from seatrial.engines.hosting.without_effect import list_without_effect_of_config
from seatrial.execution.steps.endpoint import ENDPOINT, config_step_of
from seatrial.outputs import known_of, text_of
from seatrial.ports.findings import Finding


def unhosted_endpoints(
    parts: Parts,
    definition: PipelineDefinition,
    steps: Iterable[Step],
    bound: Mapping[str, ParameterValue],
) -> Iterator[Finding]:
    """One error for each configuration that nobody made, and for what cannot be hosted of the others."""
    known = known_of(definition, bound)
    for step in _endpoints(steps):
        config = config_step_of(step, definition)
        if config is not None:
            yield from refusals(config, list_unsupported_of_config(config.arguments))
            continue
        name = text_of(step.arguments.get("EndpointConfigName", ""), known)
        if name.text and name.complete and not _is_recorded(parts, name.text):
            yield _unknown(step, name.text)


def unselected_endpoints(
    definition: PipelineDefinition, graph: Graph, steps: Iterable[Step]
) -> Iterator[Finding]:
    """One error for each endpoint that selected steps come after, and that nobody deploys."""
    selected = {step.name for step in steps}
    for endpoint in _endpoints(definition.all_steps()):
        after = sorted(graph.descendants(endpoint.name) & selected)
        if endpoint.name not in selected and after:
            yield finding(
                "ST206",
                f"{', '.join(after)} may ask the endpoint of {endpoint.name}, which is not selected",
                where=endpoint.pointer,
                hint=f"select it as well: --only {endpoint.name} --only {' --only '.join(after)}",
                step=endpoint.name,
            )


def ignored_of_endpoints(definition: PipelineDefinition, steps: Iterable[Step]) -> dict[str, str]:
    """JSON pointer to reason, for each member of a configuration that changes nothing here."""
    found: dict[str, str] = {}
    for step in _endpoints(steps):
        config = config_step_of(step, definition)
        if config is None:
            continue
        found.update(pointed(config, list_without_effect_of_config(config.arguments)))
    return found


def _endpoints(steps: Iterable[Step]) -> Iterator[Step]:
    return (step for step in steps if step.type == ENDPOINT.shape.type)


def _is_recorded(parts: Parts, name: str) -> bool:
    return is_recorded(parts, lambda records: records.endpoint_configs.describe(name))


def _unknown(step: Step, name: str) -> Finding:
    return finding(
        "ST203",
        f"no execution of this project made an endpoint configuration named {name!r}",
        where=f"{step.pointer}/Arguments/EndpointConfigName",
        hint="let an EndpointConfig step of this pipeline create it, and write "
        '{"Get": "Steps.CONFIG-STEP.EndpointConfigName"}',
        step=step.name,
    )
