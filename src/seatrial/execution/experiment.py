"""The experiment and trial that an execution belongs to: names alone, resolved when it starts."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from seatrial.definition import Json, PipelineDefinition, PropertyPath, Scope, evaluate, stringify
from seatrial.errors import ExpressionError, RefusedError
from seatrial.execution.scope import execution_variables
from seatrial.ports.executions import ExecutionRecord


def resolved_experiment(
    definition: PipelineDefinition, record: ExecutionRecord, now: datetime
) -> dict[str, str] | None:
    """PipelineExperimentConfig as DescribePipelineExecution has it; None for a definition without one."""
    if not definition.experiment_config:
        return None
    try:
        values = evaluate(dict(definition.experiment_config), _StartScope(record, now))
    except ExpressionError as error:
        raise RefusedError(
            f"PipelineExperimentConfig cannot be resolved: {error.message}",
            slug="unresolved-experiment",
            where="/PipelineExperimentConfig",
            hint="let it refer to parameters and Execution variables that are there when a pipeline starts",
        ) from error
    names = {key: stringify(value) for key, value in values.items() if value is not None}
    if "ExperimentName" in names:
        # As published responses have it, whatever case the definition writes.
        names["ExperimentName"] = names["ExperimentName"].lower()
    return names


class _StartScope(Scope):
    """What is known before the first step: parameters, and the execution itself."""

    def __init__(self, record: ExecutionRecord, now: datetime) -> None:
        self._record = record
        self._variables = execution_variables(record, now)

    def parameter(self, name: str) -> Json:
        if name not in self._record.parameters:
            _undefined(f"Parameters.{name}")
        return self._record.parameters[name]

    def execution(self, name: str) -> Json:
        if self._variables.get(name) is None:
            _undefined(f"Execution.{name}")
        return self._variables[name]

    def step_property(self, step: str, path: PropertyPath) -> Json:
        _undefined(f"Steps.{step}.{path}")

    def property_file(self, step: str, name: str) -> Json:
        _undefined(f"Steps.{step}.PropertyFiles.{name}")

    def s3_json(self, uri: str) -> Json:
        _undefined(uri)


def _undefined(what: str) -> NoReturn:
    raise ExpressionError(
        f"{what} is undefined before the first step", slug="undefined", where=what, hint="use another value"
    )
