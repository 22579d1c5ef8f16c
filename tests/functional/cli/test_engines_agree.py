"""Two engines, one pipeline: what our own engine does is what the SDK's local mode does."""

from __future__ import annotations

import pytest

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import output_of, pipeline, processing, training, under_prefix

WORD = {"Name": "Word", "Type": "String", "DefaultValue": "ahoy"}
PREPARE = """
import os, pathlib
said = pathlib.Path('/opt/ml/processing/in/raw/said.txt').read_text()
out = pathlib.Path('/opt/ml/processing/out/data')
(out / 'deep').mkdir()
(out / 'upper.txt').write_text(said.upper())
(out / 'deep' / 'word.txt').write_text(os.environ['WORD'])
"""
TRAIN = """
import pathlib
read = sorted(path.read_text() for path in pathlib.Path('/opt/ml/input/data/train').rglob('*.txt'))
pathlib.Path('/opt/ml/model/code').mkdir()
pathlib.Path('/opt/ml/model/model.txt').write_text(' '.join(read))
pathlib.Path('/opt/ml/model/code/serve.py').write_text('print(1)')
pathlib.Path('/opt/ml/output/data').mkdir(exist_ok=True)
pathlib.Path('/opt/ml/output/data/plot.txt').write_text('a plot')
"""


RAW, CODE = "s3://trial-both/raw/", "s3://trial-both/code/"


@pytest.fixture
def trains(project: Project) -> Project:
    """A project whose pipeline prepares data with the word that it is given, and trains on it."""
    for name, text in (
        ("raw/said.txt", "from the shore"),
        ("code/prepare.py", PREPARE),
        ("code/train.py", TRAIN),
    ):
        (project.folder / name).parent.mkdir(exist_ok=True)
        (project.folder / name).write_text(text)
    project.write("seeds.toml", f'"{RAW}" = "raw"\n"{CODE}" = "code"\n')
    prepare = processing(
        "Prepare",
        "exec(open('/opt/ml/processing/in/code/prepare.py').read())",
        inputs={"raw": RAW, "code": CODE},
        outputs={"data": under_prefix("prepare")},
    )
    prepare["Arguments"]["Environment"] = {"WORD": {"Get": "Parameters.Word"}}
    train = training(
        "Train",
        "exec(open('/opt/ml/input/data/code/train.py').read())",
        inputs={"train": output_of("Prepare", "data"), "code": CODE},
    )
    project.write("trains.json", pipeline(prepare, train, parameters=[WORD]))
    return project


def run(project: Project, engine: str, *arguments: str) -> None:
    result = project.run("run", "trains.json", "--engine", engine, *arguments)
    assert result.returncode == 0, result.stderr


def test_native_and_local_mode_agree_and_a_planted_difference_is_found(trains: Project) -> None:
    run(trains, "native")
    run(trains, "local-mode")

    same = trains.run("compare")
    assert same.returncode == 0, same.stdout
    assert "they agree: 2 steps, 4 objects, 1 excepted" in same.stdout
    assert "engine native" in same.stdout
    assert "engine local-mode" in same.stdout
    [excepted] = trains.json("compare")["excepted"]
    assert (excepted["step"], excepted["key"]) == ("Train", "output.tar.gz")

    run(trains, "native", "-p", "Word=avast")
    other = trains.run("compare")
    assert other.returncode == 1
    assert [
        (found["step"], found["key"], found["member"]) for found in trains.json("compare")["differences"]
    ] == [("Prepare", "deep/word.txt", None), ("Train", "model.tar.gz", "model.txt")]
