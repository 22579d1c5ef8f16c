"""Where the training job definitions of a tuning job stand, and which output a path means."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.definition import PropertyPath
from seatrial.definition.model import Step
from seatrial.definition.properties import Dead, follow
from seatrial.definition.tuning_jobs import model_name, model_path, model_referred, training_definitions
from seatrial.execution.steps.tuning import TUNING


def test_one_definition_is_found_where_it_stands() -> None:
    (found,) = training_definitions({"TrainingJobDefinition": {"RoleArn": "r"}})

    assert (found.pointer, found.property_path) == ("/TrainingJobDefinition", "TrainingJobDefinition")
    assert found.input_name("train") == "train"


def test_several_are_told_apart_by_their_names() -> None:
    named = [{"DefinitionName": "a"}, {"DefinitionName": {"Get": "Parameters.Name"}}]
    first, second = training_definitions({"TrainingJobDefinitions": named})

    assert (second.pointer, second.property_path) == (
        "/TrainingJobDefinitions/1",
        "TrainingJobDefinitions[1]",
    )
    assert [each.input_name("train") for each in (first, second)] == ["a.train", "train"]


def test_another_request_has_none() -> None:
    odd = {"TrainingJobDefinition": "text", "TrainingJobDefinitions": ["text"]}
    assert list(training_definitions({"InputDataConfig": []})) == []
    assert list(training_definitions(odd)) == []


@pytest.mark.parametrize("place", [0, 1, 49])
def test_a_path_to_a_training_job_means_its_model(place: int) -> None:
    assert model_referred(PropertyPath.parse(model_path(place))) == model_name(place)


@pytest.mark.parametrize(
    ("path", "output"),
    [
        ("BestTrainingJob.TrainingJobName", "model"),
        ("BestTrainingJob.TrainingJobArn", None),
        ("TrainingJobSummaries[1].TrainingJobStatus", None),
        ("HyperParameterTuningJobName", None),
    ],
)
def test_no_other_path_does(path: str, output: str | None) -> None:
    assert model_referred(PropertyPath.parse(path)) == output


@pytest.mark.parametrize(
    ("jobs", "place", "said"),
    [
        (3, 2, None),
        (3, 3, "step 'Tune' lists 3 training jobs at most, counted from 0: 3 is none of them"),
        (90, 49, None),
        (90, 50, "step 'Tune' lists 50 training jobs at most, counted from 0: 50 is none of them"),
        ({"Get": "Parameters.Jobs"}, 49, None),
        (None, 50, "step 'Tune' lists 50 training jobs at most, counted from 0: 50 is none of them"),
    ],
)
def test_a_path_to_a_training_job_that_there_cannot_be_is_dead(
    jobs: Any, place: int, said: str | None
) -> None:
    config = {"ResourceLimits": {"MaxNumberOfTrainingJobs": jobs}}
    step = Step("Tune", "Tuning", {"HyperParameterTuningJobConfig": config})
    found = follow(PropertyPath.parse(model_path(place)), step, TUNING.shape)
    assert (found.message if isinstance(found, Dead) else None) == said
