"""What is refused before anything is sown, built or recorded."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.app.parts import Parts
from seatrial.app.preflight import preflight
from seatrial.app.wishes import Wishes
from seatrial.errors import RefusedError
from seatrial.settings import Settings
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_runner import MemoryRunner
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import pipeline, processing
from tests.unit.engines.native.requests import ADDRESS


@pytest.fixture
def parts(settings: Settings) -> Parts:
    parts = Parts(settings, print)
    vars(parts).update(
        runner=MemoryRunner({}), store=MemoryStore(), images=MemoryImages(everything=True), address=ADDRESS
    )
    return parts


def wishes(experiment: Any) -> Wishes:
    definition = pipeline(
        processing("A"), parameters={"Team": "Blue"}, PipelineExperimentConfig=experiment
    ).text
    return Wishes("Churn", definition, "p.json", prefix="s3://bucket/here")


def test_an_experiment_that_only_a_step_could_name_is_refused(parts: Parts) -> None:
    named = {"ExperimentName": {"Get": "Steps.A.ProcessingJobName"}, "TrialName": "first"}
    with pytest.raises(RefusedError, match="is undefined before the first step") as refused:
        preflight(parts, wishes(named))
    assert refused.value.where == "/PipelineExperimentConfig"
    assert not parts.settings.state_dir.exists()


def test_an_experiment_named_by_what_a_start_knows_is_not(parts: Parts) -> None:
    named = {
        "ExperimentName": {"Get": "Parameters.Team"},
        "TrialName": {"Get": "Execution.PipelineExecutionId"},
    }
    assert preflight(parts, wishes(named)).view.pipeline_name == "Churn"
