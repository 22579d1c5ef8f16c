"""Faults inside the data: columns, rows, members of archives, names that promise something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.definition import PipelineDefinition
from seatrial.ports.findings import Finding
from seatrial.settings import ContentContract
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing, training
from tests.planted.case import Planted, written_by
from tests.planted.sea import Sea

_PEOPLE = "age,label\n31,0\n54,1\n"


def _writing(files: Mapping[str, str]) -> dict[str, Any]:
    """Preprocess, which writes these files to its output `train`."""
    return processing(
        "Preprocess",
        image="python",
        script="import os;os.chdir('/opt/ml/processing/train');"
        f"[open(n,'w').write(t)for n,t in {dict(files)!r}.items()]",
        outputs={"train": join(PREFIX, "train")},
    )


def _one(**files: str) -> PipelineDefinition:
    """One step; names with `__` for the dot."""
    return pipeline(_writing({name.replace("__", "."): text for name, text in files.items()}))


def _read_by_another(text: str) -> PipelineDefinition:
    return pipeline(
        _writing({"a.csv": text}),
        processing(
            "Score",
            image="python",
            script=written_by({"scores/scores.csv": "0.5\n"}),
            inputs={"data": output_of("Preprocess", "train")},
            outputs={"scores": join(PREFIX, "scores")},
        ),
    )


def _packed(member: str) -> str:
    return (
        "import os,tarfile;os.makedirs('/opt/ml/processing/model',exist_ok=True);"
        f"os.chdir('/tmp');open('{member}','w').write('weights');"
        f"t=tarfile.open('/opt/ml/processing/model/model.tar.gz','w:gz');t.add('{member}');t.close()"
    )


_UNPACKED = (
    "import os,tarfile;os.chdir('/opt/ml/processing/input/model');"
    "tarfile.open('model.tar.gz').extractall('/opt/ml/processing/input/model');"
    "open('/opt/ml/processing/input/model/weights').read();os.remove('weights')"
)


def _model(member: str) -> dict[str, Any]:
    return processing(
        "Pack", image="python", script=_packed(member), outputs={"model": join(PREFIX, "model")}
    )


def _evaluated(member: str) -> PipelineDefinition:
    return pipeline(
        _model(member),
        processing(
            "Evaluate", image="python", script=_UNPACKED, inputs={"model": output_of("Pack", "model")}
        ),
    )


def _trained(channel: str) -> PipelineDefinition:
    """A training job that reads `train`, and this channel for validation."""
    script = written_by({"model/weights": "1"}, home="/opt/ml")
    specification = {
        "TrainingImage": "python",
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["python3", "-c", script],
    }
    return pipeline(
        training(
            "Train",
            {"train": "s3://planted-people/train/", "validation": f"s3://planted-people/{channel}/"},
            AlgorithmSpecification=specification,
        )
    )


def _after_a_good_one(sea: Sea, definition: PipelineDefinition, prefix: str) -> tuple[Finding, ...]:
    parts = sea.parts()
    sea.run(parts, _one(a__csv=_PEOPLE), f"{prefix}/before")
    return sea.run(parts, definition, prefix).findings


def _held(place: str, **contract: Any) -> Mapping[str, Any]:
    return {"contents": {place: ContentContract.model_validate(contract)}}


CASES = (
    Planted(
        code="ST130",
        name="schema-drift",
        fault="Since the last run that went well, Preprocess writes `years` where it wrote `age`.",
        faulty=lambda: _one(a__csv="years,label\n31,0\n"),
        sound=lambda: _one(a__csv="age,label\n47.5,\n"),
        judge=_after_a_good_one,
    ),
    Planted(
        code="ST131",
        name="column-missing",
        fault="A contract of what Score reads names `label`, and Preprocess does not write it.",
        faulty=lambda: _read_by_another("age,income\n31,2.5\n"),
        sound=lambda: _read_by_another(_PEOPLE),
        settings=_held("Score.data", columns={"age": "integer", "label": "category: 0, 1"}),
    ),
    Planted(
        code="ST131",
        name="channels-differ",
        fault="The channel `validation` of a training job lacks a column of the channel `train`.",
        faulty=lambda: _trained("narrow"),
        sound=lambda: _trained("validation"),
        objects={
            "s3://planted-people/train/a.csv": b"0,31,2.5\n1,54,1.5\n",
            "s3://planted-people/validation/a.csv": b"1,27,2\n",
            "s3://planted-people/narrow/a.csv": b"1,27\n",
        },
    ),
    Planted(
        code="ST132",
        name="column-of-another-type",
        fault="`age` is an integer by its contract, and one row says `thirty`.",
        faulty=lambda: _one(a__csv="age,label\n31,0\nthirty,1\n"),
        sound=lambda: _one(a__csv=_PEOPLE),
        settings=_held("Preprocess.train", columns={"age": "integer", "label": "integer"}),
    ),
    Planted(
        code="ST132",
        name="schema-of-the-project",
        fault="A pandera schema of the project's own allows ages up to 120, and one is 540.",
        faulty=lambda: _one(a__csv="age,label\n540,0\n"),
        sound=lambda: _one(a__csv=_PEOPLE),
        files={
            "contracts.py": "import pandera.pandas as pa\n"
            "People = pa.DataFrameSchema({'age': pa.Column(int, pa.Check.le(120))})\n"
        },
        settings=_held("Preprocess.train", schema="contracts.py:People"),
    ),
    Planted(
        code="ST133",
        name="header-without-rows",
        fault="One of two parts is a header and nothing else.",
        faulty=lambda: _one(p0__csv=_PEOPLE, p1__csv="age,label\n"),
        sound=lambda: _one(p0__csv=_PEOPLE, p1__csv="age,label\n8,0\n"),
    ),
    Planted(
        code="ST134",
        name="member-of-the-contract",
        fault="A contract says that model.tar.gz holds `weights`, and it holds `weight`.",
        faulty=lambda: pipeline(_model("weight")),
        sound=lambda: pipeline(_model("weights")),
        settings=_held("Pack.model", members=["weights"]),
    ),
    Planted(
        code="ST134",
        name="member-looked-for",
        fault="Evaluate unpacks model.tar.gz and opens `weights`, and it holds `weight`.",
        faulty=lambda: _evaluated("weight"),
        sound=lambda: _evaluated("weights"),
    ),
    Planted(
        code="ST135",
        name="parts-disagree",
        fault="The second part of a table has another column than the first.",
        faulty=lambda: _one(p0__csv=_PEOPLE, p1__csv="age,income\n8,0.5\n"),
        sound=lambda: _one(p0__csv=_PEOPLE, p1__csv="age,label\n8,0\n"),
    ),
    Planted(
        code="ST136",
        name="no-parquet",
        fault="A file called .parquet is CSV.",
        faulty=lambda: _one(a__parquet=_PEOPLE),
        sound=lambda: _one(a__csv=_PEOPLE),
    ),
    Planted(
        code="ST136",
        name="ragged-rows",
        fault="A row has a cell too many: a comma that nobody put in quotes.",
        faulty=lambda: _one(a__csv="name,age\nSmith, J.,31\nLi,54\n"),
        sound=lambda: _one(a__csv='name,age\n"Smith, J.",31\nLi,54\n'),
    ),
)
