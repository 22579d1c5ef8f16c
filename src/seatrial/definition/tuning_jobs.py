"""Tuning jobs as they stand in a definition: one description of training jobs, or several; runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.definition import pointers
from seatrial.definition.model import Json
from seatrial.definition.paths import PropertyPath

ONE = "TrainingJobDefinition"
SEVERAL = "TrainingJobDefinitions"
LISTED = 50
"""How many of its training jobs a tuning job's properties hold."""


@dataclass(frozen=True)
class TrainingDefinition:
    """What each training job of one kind is asked for; `keys` lead to it in the request."""

    keys: tuple[str | int, ...]
    members: Mapping[str, Any]

    @property
    def pointer(self) -> str:
        """Where it stands in the request."""
        return pointers.child("", *self.keys)

    @property
    def property_path(self) -> str:
        """The same as a definition refers to it."""
        return str(PropertyPath(self.keys))

    @property
    def name(self) -> str | None:
        """By which several are told apart."""
        name = self.members.get("DefinitionName")
        return name if isinstance(name, str) else None

    def input_name(self, channel: str) -> str:
        """A channel of it as an input of the tuning job."""
        return f"{self.name}.{channel}" if self.name else channel


def training_definitions(request: Mapping[str, Json]) -> Iterator[TrainingDefinition]:
    """Each, in the order of the request; none where it is the request of anything else."""
    one, several = request.get(ONE), request.get(SEVERAL)
    if isinstance(one, Mapping):
        yield TrainingDefinition((ONE,), one)
    for index, item in enumerate(several if isinstance(several, list) else ()):
        if isinstance(item, Mapping):
            yield TrainingDefinition((SEVERAL, index), item)


def most_listed(request: Mapping[str, Json]) -> int:
    """How many training jobs the properties can hold, as far as the request tells."""
    value: Json = request
    for name in ("HyperParameterTuningJobConfig", "ResourceLimits", "MaxNumberOfTrainingJobs"):
        value = value.get(name) if isinstance(value, Mapping) else None
    return min(max(value, 1), LISTED) if isinstance(value, int) else LISTED


def place_of(path: PropertyPath) -> int | None:
    """The training job that a path leads to, by its place among all; None for any other path."""
    match path.segments:
        case ("TrainingJobSummaries", int(place), *_):
            return place
    return None


def model_name(place: int) -> str:
    """The output that is the model of a training job, by the job's place among all, the best first."""
    return f"model-{place}" if place else "model"


def model_path(place: int) -> str:
    """How a definition gets at the same: by the name of the training job, which is part of the URI."""
    return f"TrainingJobSummaries[{place}].TrainingJobName"


def model_referred(path: PropertyPath) -> str | None:
    """The output that belongs to the training job which a path names; None for any other path."""
    match path.segments:
        case ("TrainingJobSummaries", int(place), "TrainingJobName"):
            return model_name(place)
        case ("BestTrainingJob", "TrainingJobName"):
            return model_name(0)
    return None
