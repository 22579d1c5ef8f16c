"""Steps that do not keep the contract of their script."""

from __future__ import annotations

import json
from typing import Any

from seatrial.definition import PipelineDefinition
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.planted.case import Planted, written_by

CONTRACT = """
CONTRACT = {
    "expected_output_paths": {
        "train": "/opt/ml/processing/train",
        "report": "/opt/ml/processing/report/r.json",
    },
    "required_env_vars": ["LABEL"],
    "expected_arguments": ["job_type"],
}
"""
FILES = {"contracts.py": CONTRACT}
SETTINGS = {"contracts": {"Prep*": "contracts.py:CONTRACT"}}
WRITTEN = {"train/a.csv": "1,2\n", "report/r.json": "{}"}


def _preprocess(
    files: dict[str, str] | None = None, outputs: tuple[str, ...] = ("train", "report"), **more: Any
) -> PipelineDefinition:
    """Preprocess keeps its contract, but for what is told."""
    step = processing(
        "Preprocess",
        image="python",
        script=written_by(files or WRITTEN),
        outputs={name: join(PREFIX, name) for name in outputs},
        **{"environment": {"LABEL": "churn"}, "arguments": ["--job_type", "training"], **more},
    )
    return pipeline(step)


def _elsewhere() -> PipelineDefinition:
    """The output `train` is mounted beside the contract's path."""
    definition = _preprocess({"training/a.csv": "1\n", "report/r.json": "{}"})
    return pipeline(*_with_train_at(definition, "/opt/ml/processing/training"))


def _with_train_at(definition: PipelineDefinition, path: str) -> list[dict[str, Any]]:
    document = json.loads(definition.text)
    outputs = document["Steps"][0]["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    outputs[0]["S3Output"]["LocalPath"] = path
    steps: list[dict[str, Any]] = document["Steps"]
    return steps


def _planted(code: str, name: str, fault: str, faulty: Any) -> Planted:
    return Planted(code, name, fault, faulty, _preprocess, files=FILES, settings=SETTINGS)


CASES = (
    _planted(
        "ST118",
        "another-container-path",
        "The contract has `train` at …/train, the definition mounts it at …/training.",
        _elsewhere,
    ),
    _planted(
        "ST119",
        "variable-not-set",
        "The contract requires the variable `LABEL`, and the step does not set it.",
        lambda: _preprocess(environment={"REGION": "EU"}),
    ),
    _planted(
        "ST119",
        "argument-not-passed",
        "The contract expects the argument `job_type`, and the step passes none.",
        lambda: _preprocess(arguments=None),
    ),
    _planted(
        "ST119",
        "output-not-declared",
        "The contract has the output `report`, and the definition does not declare it.",
        lambda: _preprocess({"train/a.csv": "1\n"}, outputs=("train",)),
    ),
    _planted(
        "ST119",
        "file-not-written",
        "The contract names `report/r.json`, and the script writes `report/report.json`.",
        lambda: _preprocess({"train/a.csv": "1\n", "report/report.json": "{}"}),
    ),
)
