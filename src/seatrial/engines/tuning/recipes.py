"""What every training job of a definition is asked for, and where each member stands; knows no search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seatrial.engines.job import RefusedJobError
from seatrial.ports.jobs import JobRequest

OBJECTIVE = "_tuning_objective_metric"
FOLDER = "training-jobs"
_RESOURCES = "HyperParameterTuningResourceConfig"
# Members of a definition that are the search's own; the rest is a CreateTrainingJob request.
_OF_THE_SEARCH = frozenset(
    {"DefinitionName", "TuningObjective", "HyperParameterRanges", "StaticHyperParameters", _RESOURCES}
)


@dataclass(frozen=True)
class Recipe:
    """A CreateTrainingJob request without the name and the hyperparameters."""

    parameters: Mapping[str, Any]

    def request(self, tuning: JobRequest, name: str, hyperparameters: Mapping[str, str]) -> JobRequest:
        """One training job of the tuning job, in a folder of its own beneath the attempt's."""
        return JobRequest(
            kind="Training",
            name=name,
            arn=f"{tuning.arn.rpartition(':')[0]}:training-job/{name}",
            parameters={
                "TrainingJobName": name,
                **self._with_own_checkpoints(name),
                "HyperParameters": dict(hyperparameters),
            },
            execution_id=tuning.execution_id,
            step_name=tuning.step_name,
            attempt=tuning.attempt,
            folder=folder_of(tuning.folder, name),
        )

    def _with_own_checkpoints(self, name: str) -> dict[str, Any]:
        """Jobs that run side by side would take each other's checkpoints for their own."""
        config = self.parameters.get("CheckpointConfig")
        if not config:
            return dict(self.parameters)
        own = {**config, "S3Uri": f"{str(config['S3Uri']).rstrip('/')}/{name}"}
        return {**self.parameters, "CheckpointConfig": own}


def folder_of(attempt: Path, name: str) -> Path:
    """The folder of a training job of a tuning job."""
    return attempt / FOLDER / name


def read_recipe(definition: Mapping[str, Any]) -> Recipe:
    """The request of every training job of a definition."""
    request = training_request(definition)
    if not request.get("ResourceConfig"):
        raise RefusedJobError("ValidationException: ResourceConfig is required.")
    del request["HyperParameters"]
    return Recipe(request)


def training_request(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The request as far as the definition tells, static hyperparameters and expressions included."""
    request = {
        name: value for name, value in definition.items() if name not in _OF_THE_SEARCH and value is not None
    }
    static = definition.get("StaticHyperParameters")
    resources = definition.get(_RESOURCES)
    if isinstance(resources, Mapping):
        request["ResourceConfig"] = _resource_config(resources)
    return {**request, "HyperParameters": static if isinstance(static, Mapping) else {}}


def _resource_config(resources: Mapping[str, Any]) -> dict[str, Any]:
    """The first of several instance types is taken."""
    own = {
        name: value
        for name, value in resources.items()
        if name not in ("InstanceConfigs", "AllocationStrategy")
    }
    first: Mapping[str, Any] = next(iter(resources.get("InstanceConfigs") or []), {})
    return {**own, **first}


def place_in_definition(pointer: str, definition: Mapping[str, Any]) -> str:
    """Where a member of the training job's request stands in the definition."""
    member, slash, rest = pointer.removeprefix("/").partition("/")
    if member == "HyperParameters":
        member = "StaticHyperParameters"
    elif member == "ResourceConfig" and isinstance(definition.get(_RESOURCES), Mapping):
        member = _RESOURCES
    return f"/{member}{slash}{rest}"
