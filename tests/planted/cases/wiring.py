"""Faults of how steps are wired, and of what lies in text that should be a reference."""

from __future__ import annotations

import json
from typing import Any

from seatrial.definition import PipelineDefinition
from tests.adapters.pipelines import (
    PREFIX,
    Json,
    condition,
    join,
    json_of,
    output_of,
    pipeline,
    processing,
    training,
)
from tests.planted.case import Planted, written_by

READS = written_by({})
ONE = {"train/a.csv": "1,2\n", "validation/b.csv": "3,4\n"}
# Put together here, so that no file of the project has the form of a secret in it.
SECRET = "hunter2" + "-x9"
PLACE = (
    "open('/opt/ml/processing/input/train/a.csv');"
    "import sys,boto3;b,_,k=sys.argv[1][5:].partition('/');at=dict(Bucket=b,Key=k+'/a.csv');"
)
OVERWRITES = f"{PLACE}boto3.client('s3').put_object(**at,Body=b'5,6')"
LOOKS = f"{PLACE}boto3.client('s3').get_object(**at)"


def _step(name: str, script: str, **more: Any) -> dict[str, Json]:
    """A processing step of the base image."""
    return processing(name, image="python", script=script, **more)


def _prep(files: dict[str, str] | None = None, **more: Any) -> dict[str, Json]:
    """A step that writes training and validation data."""
    outputs = {name: join(PREFIX, name) for name in ("train", "validation")}
    return _step("Prep", written_by(files or ONE), outputs=outputs, **more)


def _train(content_type: str | None = None, **channels: Json) -> dict[str, Json]:
    """A training job that looks at nothing."""
    job = training(
        "Train",
        channels,
        AlgorithmSpecification={
            "TrainingImage": "python",
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["python3", "-c", written_by({"model/m.bin": "model"}, "/opt/ml")],
        },
    )
    if content_type is not None:
        for channel in job["Arguments"]["InputDataConfig"]:
            channel["ContentType"] = content_type
    return job


def _by_code(script: str) -> PipelineDefinition:
    """A step whose own code calls the store for the file that it was given, and one that reads it later."""
    place = output_of("Prep", "train")
    clean = _step("Clean", script, inputs={"train": place}, arguments=[place])
    return pipeline(_prep(), clean, _step("Read", READS, inputs={"train": place}, depends_on=("Clean",)))


def _told(**more: Any) -> PipelineDefinition:
    return pipeline(_prep(**more))


def _printed(secret: str) -> PipelineDefinition:
    """A step that puts a line together and prints it: the definition itself has no such line."""
    half = len(secret) // 2
    return pipeline(_step("Log", f"print('login with password=' + {secret[:half]!r} + {secret[half:]!r})"))


def _reading(location: Json, **more: Any) -> PipelineDefinition:
    return pipeline(_prep(), _step("Read", READS, inputs={"rows": location}, **more))


def _looked_up(lookup: Json) -> PipelineDefinition:
    """A step with an input that a parameter tells, and another one."""
    raw = {"Get": "Parameters.Raw"}
    prep = _step("Prep", READS, inputs={"raw": raw, "lookup": lookup})
    return pipeline(prep, parameters={"Raw": "s3://planted-raw/st125/raw/"})


def _wired(**inputs: str) -> PipelineDefinition:
    wired = {name: output_of("Prep", output) for name, output in inputs.items()}
    return pipeline(_prep(), _step("Fit", READS, inputs=wired))


def _model_for(name: str) -> PipelineDefinition:
    """A step with an input that is a training job's model."""
    model = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
    look = _step("Look", READS, inputs={name: model})
    return pipeline(_prep(), _train(train=output_of("Prep", "train")), look)


def _two_channels() -> dict[str, Json]:
    return _train(train=output_of("Prep", "train"), validation=output_of("Prep", "validation"))


def _evaluated(*, asked: str, other: str) -> PipelineDefinition:
    """A condition on a path, and a step on the branch that is not taken that asks for another."""
    report = json.dumps({"binary": {"auc": 0.9}})
    refine = _step("Refine", READS, arguments=[json_of("Evaluate", "Report", other)])
    return pipeline(
        _step(
            "Evaluate",
            written_by({"evaluation.json": report}, "/opt/ml/processing/report"),
            outputs={"report": join(PREFIX, "report")},
            property_files={"Report": ("report", "evaluation.json")},
        ),
        condition("Decide", json_of("Evaluate", "Report", asked), [], [refine]),
    )


CASES = (
    Planted(
        code="ST116",
        name="overwritten-by-code",
        fault="Clean's own code writes over the file that it was given, and Read reads what it became.",
        faulty=lambda: _by_code(OVERWRITES),
        sound=lambda: _by_code(LOOKS),
        also=frozenset({"ST121"}),
    ),
    Planted(
        code="ST117",
        name="secret-in-environment",
        fault="A password is a variable of the job.",
        faulty=lambda: _told(environment={"DB_PASSWORD": SECRET}),
        sound=lambda: _told(environment={"DB_PASSWORD_NAME": "prod/db"}),
    ),
    Planted(
        code="ST117",
        name="secret-in-log",
        fault="The script prints the password with which it logs in.",
        faulty=lambda: _printed(SECRET),
        sound=lambda: _printed("********"),
    ),
    Planted(
        code="ST125",
        name="bucket-in-argument",
        fault="An argument names a bucket in text.",
        faulty=lambda: _told(arguments=["--lookup", "s3://team-data/lookup.csv"]),
        sound=lambda: _told(arguments=["--lookup", join(PREFIX, "lookup.csv")]),
    ),
    Planted(
        code="ST125",
        name="bucket-of-an-input",
        fault="One input's bucket is a parameter, the other's is text.",
        faulty=lambda: _looked_up("s3://planted-raw/st125/lookup/"),
        sound=lambda: _looked_up(join({"Get": "Parameters.Raw"}, "b.csv", on="")),
        objects={"s3://planted-raw/st125/lookup/a.csv": b"1", "s3://planted-raw/st125/raw/b.csv": b"2"},
    ),
    Planted(
        code="ST126",
        name="text-for-a-reference",
        fault="Read waits for Prep, and names the place of its output in text.",
        faulty=lambda: _reading(join(PREFIX, "train"), depends_on=("Prep",)),
        sound=lambda: _reading(output_of("Prep", "train"), depends_on=("Prep",)),
    ),
    Planted(
        code="ST127",
        name="cross-wired",
        fault="The input `validation` is wired to the output `train`.",
        faulty=lambda: _wired(validation="train"),
        sound=lambda: _wired(validation="validation"),
    ),
    Planted(
        code="ST127",
        name="model-as-data",
        fault="The input `train` is wired to a training job's model.",
        faulty=lambda: _model_for("train"),
        sound=lambda: _model_for("model"),
    ),
    Planted(
        code="ST127",
        name="content-type",
        fault="The channel says text/csv, and the upstream step writes JSON Lines.",
        faulty=lambda: pipeline(
            _prep({"train/a.jsonl": '{"a":1}', "validation/b.csv": "1"}),
            _train("text/csv", train=output_of("Prep", "train")),
        ),
        sound=lambda: pipeline(_prep(), _train("text/csv", train=output_of("Prep", "train"))),
    ),
    Planted(
        code="ST127",
        name="same-data",
        fault="Training and validation data hold the same bytes.",
        faulty=lambda: pipeline(
            _prep({"train/a.csv": "1,2\n", "validation/b.csv": "1,2\n"}), _two_channels()
        ),
        sound=lambda: pipeline(_prep(), _two_channels()),
    ),
    Planted(
        code="ST128",
        name="no-such-path",
        fault="A condition asks for `auc`; the file has `binary.auc`.",
        faulty=lambda: _evaluated(asked="auc", other="binary.auc"),
        sound=lambda: _evaluated(asked="binary.auc", other="binary.auc"),
    ),
    Planted(
        code="ST128",
        name="no-such-path-on-the-other-branch",
        fault="A step on the branch that was not taken asks for a path that the file has not.",
        faulty=lambda: _evaluated(asked="binary.auc", other="binary.acu"),
        sound=lambda: _evaluated(asked="binary.auc", other="binary.auc"),
    ),
)
