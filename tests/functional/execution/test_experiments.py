"""PipelineExperimentConfig is resolved at the start and kept with the execution."""

from __future__ import annotations

import json
from typing import Any

import pytest

from seatrial.errors import RefusedError
from tests.functional.execution.documents import get, join, parameter, pipeline, processing
from tests.functional.execution.trial import Trial


def document(config: Any) -> str:
    steps = json.loads(pipeline(processing("A"), parameters=[parameter("Team", "Blue")]))
    return json.dumps({**steps, "PipelineExperimentConfig": config})


def test_the_names_are_resolved_as_the_sdk_writes_them(trial: Trial) -> None:
    config = {
        "ExperimentName": get("Execution.PipelineName"),
        "TrialName": get("Execution.PipelineExecutionId"),
    }

    record = trial.run(document(config))

    assert record.experiment == {"ExperimentName": "churn", "TrialName": record.execution_id}
    with trial.records as records:
        records.rebuild()
        assert records.latest() == record


def test_parameters_may_be_part_of_them(trial: Trial) -> None:
    config = {"ExperimentName": join("team-", get("Parameters.Team")), "TrialName": "first"}

    assert trial.run(document(config), {"Team": "Red"}).experiment == {
        "ExperimentName": "team-red",
        "TrialName": "first",
    }


@pytest.mark.parametrize("config", [None, {}], ids=str)
def test_a_pipeline_may_have_none(trial: Trial, config: Any) -> None:
    assert trial.run(document(config)).experiment is None


def test_what_only_a_step_could_tell_is_refused(trial: Trial) -> None:
    trial.checked = False
    config = {"ExperimentName": get("Steps.A.ProcessingJobName")}

    with pytest.raises(RefusedError, match="is undefined before the first step") as refused:
        trial.run(document(config))
    assert refused.value.where == "/PipelineExperimentConfig"
