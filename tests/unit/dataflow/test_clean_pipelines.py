"""Pipelines as people write them, without a fault: there must be nothing to say about their data flow."""

from __future__ import annotations

import pytest

from seatrial.dataflow import judge, judge_definition
from seatrial.definition import PipelineDefinition
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import (
    PREFIX,
    condition,
    fail,
    join,
    json_of,
    model_of,
    output_of,
    pipeline,
    processing,
    register,
    training,
)
from tests.adapters.simulated_run import Doing, simulate

CODE = "s3://sagemaker-us-east-1-123456789012/cancer/code/run.py"
SOURCES = '"s3://sagemaker-us-east-1-123456789012/cancer/code/sourcedir.tar.gz"'


def train_evaluate_register() -> PipelineDefinition:
    report = join(output_of("Evaluate", "evaluation"), "evaluation.json")
    return pipeline(
        processing(
            "Preprocess",
            {"raw": {"Get": "Parameters.RawData"}, "code": CODE},
            {"train": join(PREFIX, "prep", "train"), "test": join(PREFIX, "prep", "test")},
        ),
        training(
            "Train",
            {"train": output_of("Preprocess", "train")},
            join(PREFIX, "train", "model"),
            hyperparameters={"sagemaker_submit_directory": SOURCES, "num_round": '"60"'},
            DebugHookConfig={
                "S3OutputPath": join(PREFIX, "train", "model"),
                "CollectionConfigurations": [],
            },
        ),
        processing(
            "Evaluate",
            {"model": model_of("Train"), "test": output_of("Preprocess", "test"), "code": CODE},
            {"evaluation": join(PREFIX, "evaluate", "evaluation")},
            property_files={"Evaluation": ("evaluation", "evaluation.json")},
        ),
        condition(
            "GoodEnough",
            json_of("Evaluate", "Evaluation", "auc"),
            [register("Register", model_of("Train"), report=report)],
            [fail("Refuse")],
        ),
        parameters={"RawData": "s3://cancer/raw/"},
    )


def both_path_conventions() -> PipelineDefinition:
    """`{base}/{type}/{output}`, with job types between, and training outputs at `{base}/{type}` alone."""
    return pipeline(
        *(
            processing(
                f"Tabular-{job.title()}",
                {"raw": "s3://cancer/raw/"},
                {"processed": join(PREFIX, "Tabular", job, "processed")},
                arguments=["--job_type", job],
            )
            for job in ("training", "validation")
        ),
        training(
            "XGBoost-One", {"train": output_of("Tabular-Training", "processed")}, join(PREFIX, "XGBoost")
        ),
        training(
            "XGBoost-Two", {"train": output_of("Tabular-Training", "processed")}, join(PREFIX, "XGBoost")
        ),
        processing(
            "Metrics",
            {"model": model_of("XGBoost-One"), "other": model_of("XGBoost-Two")},
            {"metrics": join(PREFIX, "XGBoost", "metrics")},
        ),
    )


def branches_that_write_one_place() -> PipelineDefinition:
    """Only one of two branches runs, so both may write where the reader looks."""
    place = join(PREFIX, "choice", "data")
    return pipeline(
        processing(
            "Look",
            {"raw": "s3://cancer/raw/"},
            {"report": join(PREFIX, "look", "report")},
            property_files={"Report": ("report", "report.json")},
        ),
        condition(
            "Choose",
            json_of("Look", "Report", "auc"),
            [processing("Small", {"raw": "s3://cancer/raw/"}, {"data": place})],
            [processing("Large", {"raw": "s3://cancer/raw/"}, {"data": place})],
        ),
    )


def defaults_of_the_sdk() -> PipelineDefinition:
    """No EXECUTION_S3_PREFIX; training writes to the root of the bucket that also holds code and data."""
    bucket = "s3://sagemaker-us-east-1-123456789012/"
    made = join("s3:/", "sagemaker-us-east-1-123456789012", "p", {"Get": "Execution.PipelineExecutionId"})
    return pipeline(
        processing("Prep", {"raw": "s3://cancer/raw/", "code": CODE}, {"train": join(made, "Prep", "train")}),
        training(
            "Train",
            {"train": output_of("Prep", "train")},
            bucket,
            hyperparameters={"sagemaker_submit_directory": SOURCES},
        ),
        training(
            "Repack",
            {"training": model_of("Train")},
            bucket,
            hyperparameters={"sagemaker_program": '"_repack_script_launcher.sh"'},
        ),
        register("Register", model_of("Repack")),
        prefix=False,
    )


def checkpoints_outside_the_prefix() -> PipelineDefinition:
    """Empty at the first start, shared by executions, and by a second job that goes on from the first's."""
    place = {"CheckpointConfig": {"S3Uri": "s3://cancer/checkpoints"}}
    return pipeline(
        training("Train", {"train": "s3://cancer/raw/"}, **place),
        training("Refine", {"train": "s3://cancer/raw/", "model": model_of("Train")}, **place),
    )


CLEAN = {
    "train-evaluate-register": train_evaluate_register,
    "both-path-conventions": both_path_conventions,
    "branches-that-write-one-place": branches_that_write_one_place,
    "defaults-of-the-sdk": defaults_of_the_sdk,
    "checkpoints-outside-the-prefix": checkpoints_outside_the_prefix,
}


def seeded() -> MemoryStore:
    store = MemoryStore()
    for uri in ("s3://cancer/raw/a.csv", CODE, SOURCES.strip('"')):
        store.write(S3Uri.parse(uri), b"x")
    return store


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_before_the_run(name: str) -> None:
    assert judge_definition(CLEAN[name]()) == []
    assert judge_definition(CLEAN[name](), {"EXECUTION_S3_PREFIX": "s3://seatrial/p/e"}) == []


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_after_the_run(name: str) -> None:
    assert judge(simulate(CLEAN[name](), store=seeded())) == []


def test_nothing_is_found_when_the_other_branch_is_taken() -> None:
    doing = {"Evaluate": Doing(writes={"evaluation": {"evaluation.json": b'{"auc": 0.1}'}})}
    flow = simulate(train_evaluate_register(), doing, store=seeded())
    assert [step.name for step in flow.record.steps][-1] == "Refuse"
    assert judge(flow) == []


def test_checkpoints_of_an_earlier_execution_and_none_at_all_are_clean() -> None:
    store, none = seeded(), {"Refine": Doing(writes={"checkpoints": {}})}
    simulate(checkpoints_outside_the_prefix(), store=store, prefix="s3://seatrial/cancer/first")
    again = simulate(
        checkpoints_outside_the_prefix(), none, store=store, prefix="s3://seatrial/cancer/second"
    )
    assert judge(again) == []
    assert "checkpoints" in again.registry.get_all_step_outputs("Train")
    assert "checkpoints" not in again.registry.get_all_step_outputs("Refine")


def test_a_second_execution_under_its_own_prefix_is_as_clean_as_the_first() -> None:
    store = seeded()
    simulate(train_evaluate_register(), store=store, prefix="s3://seatrial/cancer/first")
    assert judge(simulate(train_evaluate_register(), store=store, prefix="s3://seatrial/cancer/second")) == []
