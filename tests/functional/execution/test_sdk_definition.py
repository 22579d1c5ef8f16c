"""A definition that the SDK wrote, with a cache and retry policies: run twice, and then a part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.definition import build_graph, parse
from seatrial.errors import ContainerError
from seatrial.execution import find_source, select, selected_steps
from seatrial.ports.jobs import JobRequest, JobResult
from tests.adapters.memory_engine import MemoryEngine, completed
from tests.functional.execution.trial import Trial, statuses

CORPUS = Path(__file__).parents[2] / "corpus" / "train-and-register" / "definition.json"
# The SDK writes each exception type in the same place; of this one there is none here that could be thrown.
DOCUMENT = CORPUS.read_text().replace("Step.THROTTLING", "Step.SERVICE_FAULT")
PREFIX = {"EXECUTION_S3_PREFIX": "s3://bucket/run"}
ALL = ["Preprocess", "Train", "Evaluate", "Decide", "Register-RegisterModel"]


@pytest.fixture
def trial(trial: Trial) -> Trial:
    def lost_twice(request: JobRequest) -> JobResult:
        if request.attempt < 3:
            raise ContainerError("Docker Engine went away", slug="docker-gone")
        return completed(request)

    trial.engine.answers["Train"] = lost_twice
    trial.objects["s3://bucket/run/evaluate/evaluation.json"] = b'{"metrics": {"auc": {"value": 0.9}}}'
    return trial


def test_it_runs_with_retries_and_then_from_the_cache(trial: Trial) -> None:
    first = trial.run(DOCUMENT, PREFIX)

    assert statuses(first) == dict.fromkeys(ALL, "Succeeded")
    assert {step.name: step.attempts for step in first.steps if step.attempts > 1} == {"Train": 3}

    trial.engine = MemoryEngine(trial.engine.answers)
    second = trial.run(DOCUMENT, PREFIX)
    assert statuses(second) == dict.fromkeys(ALL, "Succeeded")
    assert [step.name for step in second.steps if step.reuse] == ["Preprocess"]
    assert trial.asked() == ["Train", "Train", "Train", "Evaluate"]


def test_a_part_of_it_registers_the_model_of_an_earlier_execution(trial: Trial) -> None:
    first = trial.run(DOCUMENT, PREFIX)
    definition = parse(DOCUMENT)
    graph = build_graph(definition)
    with trial.records as records:
        source = find_source(records, "Churn", None)
    selection = select(definition, graph, selected_steps(definition, graph, begin=("Decide",)), source)
    trial.engine = MemoryEngine()

    record = trial.run(DOCUMENT, PREFIX, selection=selection)

    assert trial.asked() == []
    assert set(statuses(record)) == {"Train", "Evaluate", "Decide", "Register-RegisterModel"}
    (package, before) = (each.step("Register-RegisterModel") for each in (record, first))
    assert package is not None
    assert before is not None
    assert package.properties["ModelPackageVersion"] == 2
    specification = package.properties["InferenceSpecification"]
    assert specification == before.properties["InferenceSpecification"]
