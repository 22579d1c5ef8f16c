"""The images as built here, in containers: they answer as SageMaker's do."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import docker
import pytest

from seatrial.images import Images
from seatrial.images.recipes import RECIPES, locked_versions
from tests.integration.images.box import run, training_files

FRAMEWORKS = ("scikit-learn", "scikit-learn-1.2", "xgboost")
EVERYTHING = ("base", "base-python", *FRAMEWORKS)

LOOK_AROUND = r"""
set -e
for command in bash tar gzip python python3 pip; do command -v $command; done
bash -lc 'test "$(command -v python3)" = /opt/python/bin/python3'
test "$(python -c 'import sys; print(sys.prefix)')" = "$(python3 -c 'import sys; print(sys.prefix)')"
python -c 'import boto3, packaging, cloudpickle, ssl; assert ssl.create_default_context().get_ca_certs()'
pip install --quiet --no-index /wheels/tiny-1.0-py3-none-any.whl
python3 -m pip freeze
python3 -c 'import tiny; print("installed", tiny.ANSWER)'
test ! -e /network
echo "settings [$(pip config list | grep -v ^:env:)]"
"""

ASK_FOR_SDKS = """
set -e
echo 'sagemaker>=2.256.0,<3.0.0' > wanted.txt
python -m pip install -r wanted.txt -U
cat > look.py <<END
import importlib, importlib.metadata, sys
importlib.import_module(sys.argv[-1] + ".remote_function.invoke_function")
print(sys.argv[-1], importlib.metadata.version("sagemaker"))
END
export AWS_DEFAULT_REGION=us-east-1
python look.py --client_sagemaker_pysdk_version 2.257.0 sagemaker
python look.py --client_sagemaker_pysdk_version 3.27.0 sagemaker.core
amazon_sagemaker_scheduler --help
jupyter kernelspec list --json
"""

WAIT_FOR_MINIO = """
(minio server /data --address :9000 >/dev/null 2>&1 &)
ask() { bash -c 'QUESTION' 2>/dev/null; }
ask && echo too early
for i in $(seq 100); do ask && echo ready && exit 0; sleep 0.1; done
exit 1
"""

READ = """
import json, pandas
from sagemaker_xgboost_container.data_utils import get_dmatrix

def said(call, *arguments):
    try:
        call(*arguments)
    except Exception as refused:
        return str(refused)

def shape(matrix, field="get_label"):
    return [matrix.num_row(), matrix.num_col(), [float(x) for x in getattr(matrix, field)()]]

pandas.DataFrame({"label": [1, 0], "x": [5, 6]}).to_parquet("/data/table.parquet")
print(json.dumps({
    "libsvm": shape(get_dmatrix("/data/svm", None)),
    "csv": shape(get_dmatrix("/data/csv", "text/csv; charset=utf-8")),
    "weighted": shape(get_dmatrix("/data/csv", "csv", csv_weights=1), "get_weight"),
    "parquet": shape(get_dmatrix("/data/table.parquet", "application/x-parquet")),
    "nothing": get_dmatrix("/data/nothing", "csv"),
    "hidden": said(get_dmatrix, "/data/hidden", "csv"),
    "type": said(get_dmatrix, "/data/csv", "text/html").partition(":")[0],
    "recordio": said(get_dmatrix, "/data/csv", "recordio-protobuf"),
}))
"""

TRAIN = {
    "scikit-learn": """
import pandas, sklearn
from sklearn.linear_model import LogisticRegression
table = pandas.read_csv(channel + "/data.csv", header=None)
model = LogisticRegression().fit(table[[1, 2]].values, table[0])
predicted = [int(x) for x in model.predict([[1.0, 5.0], [9.0, 1.0]])]
version = sklearn.__version__
""",
    "xgboost": """
import xgboost
from sagemaker_xgboost_container import distributed
from sagemaker_xgboost_container.checkpointing import train
from sagemaker_xgboost_container.data_utils import get_dmatrix
matrix = get_dmatrix(channel, "text/csv")
asked = {"params": {"objective": "binary:logistic", "min_child_weight": 0}, "dtrain": matrix}
train({**asked, "num_boost_round": 3}, "/opt/ml/checkpoints")
model = train({**asked, "num_boost_round": 5}, "/opt/ml/checkpoints")
assert model.num_boosted_rounds() == 5, model.num_boosted_rounds()
predicted = [int(x > 0.5) for x in model.predict(xgboost.DMatrix([[1.0, 5.0], [9.0, 1.0]]))]
version = xgboost.__version__
""",
}

SCRIPT = """
import argparse, json, os, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--rounds", type=int)
arguments = parser.parse_args()
channel = os.environ["SM_CHANNEL_TRAIN"]
{body}
result = {{
    "predicted": predicted, "version": version, "rounds": arguments.rounds, "folder": os.getcwd(),
    "hyperparameters": json.loads(os.environ["SM_HPS"]),
}}
pathlib.Path(os.environ["SM_MODEL_DIR"], "result.json").write_text(json.dumps(result))
"""


def a_wheel() -> bytes:
    """The smallest package that pip installs."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as wheel:
        wheel.writestr("tiny.py", "ANSWER = 42\n")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr(
            "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    return packed.getvalue()


@pytest.mark.parametrize("name", EVERYTHING)
def test_an_image_has_what_jobs_call_and_knows_nothing_of_the_machine_that_built_it(
    docker_client: docker.DockerClient, images: Images, name: str
) -> None:
    files = {"wheels/tiny-1.0-py3-none-any.whl": a_wheel()}
    with run(docker_client, images.ensure(name), "bash", "-c", LOOK_AROUND, files=files) as ended:
        assert ended.exit_code == 0, ended.output
        assert "installed 42" in ended.output
        assert "settings []" in ended.output
        frozen = {line.lower().replace("_", "-") for line in ended.output.splitlines()}
        wanted = {"scikit-learn", "xgboost", "pandas", "numpy", "boto3", "pyarrow"}
        locked = locked_versions(RECIPES[name])
        assert {f"{package}=={locked[package]}" for package in wanted & set(locked)} <= frozen
    assert docker_client.images.get(images.ensure(name)).attrs["Config"]["Entrypoint"] is None


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_train_runs_the_script_in_its_framework(
    docker_client: docker.DockerClient, images: Images, name: str
) -> None:
    framework = str(RECIPES[name].framework)
    files = training_files(SCRIPT.format(body=TRAIN[framework]), rounds="7")
    with run(docker_client, images.ensure(name), "train", files=files) as ended:
        assert ended.exit_code == 0, ended.output
        assert ended.read("/opt/ml/output/success") == ""
        assert ended.read("/opt/ml/output/failure") is None
        assert json.loads(ended.read("/opt/ml/model/result.json") or "") == {
            "predicted": [0, 1],
            "version": locked_versions(RECIPES[name])[framework],
            "rounds": 7,
            "folder": "/opt/ml/code",
            "hyperparameters": {"rounds": 7},
        }


def test_channels_are_read_as_training_scripts_expect(
    docker_client: docker.DockerClient, images: Images
) -> None:
    files = {
        "data/svm/a": "1 0:1.5 2:2\n0 1:3\n",
        "data/svm/_SUCCESS": "",
        "data/svm/deeper/b": "1 0:4",
        "data/csv/a.csv": "1;0.5;7;8\n0;2;9;\n",
        "data/hidden/.b.csv": "1,2\n",
        "data/nothing/": "",
        "read.py": READ,
    }
    with run(docker_client, images.ensure("xgboost"), "python", "/read.py", files=files) as ended:
        assert ended.exit_code == 0, ended.output
        assert json.loads(ended.output.splitlines()[-1]) == {
            "libsvm": [3, 3, [1.0, 0.0, 1.0]],
            "csv": [2, 3, [1.0, 0.0]],
            "weighted": [2, 2, [0.5, 2.0]],
            "parquet": [2, 1, [1.0, 0.0]],
            "nothing": None,
            "hidden": "Hidden file found in the data path! Remove that before training.",
            "type": "text/html is not an accepted ContentType",
            "recordio": "recordio-protobuf is not supported by this image; use csv, libsvm or parquet.",
        }


@pytest.mark.parametrize("name", ["scikit-learn", "xgboost"])
def test_a_crashing_script_leaves_its_failure(
    docker_client: docker.DockerClient, images: Images, name: str
) -> None:
    files = training_files("raise SystemExit(3)")
    with run(docker_client, images.ensure(name), "train", files=files) as ended:
        assert ended.exit_code == 1
        assert ended.read("/opt/ml/output/success") is None
        failure = ended.read("/opt/ml/output/failure") or ""
        assert failure.startswith('ExecuteUserScriptError:\nExitCode 3\nErrorMessage ""\nCommand "')
        assert failure.endswith(' train.py"')


def test_a_job_without_script_fails_in_plain_words(
    docker_client: docker.DockerClient, images: Images
) -> None:
    with run(docker_client, images.ensure("scikit-learn"), "train", files=training_files(None)) as ended:
        assert ended.exit_code == 1
        assert "has no algorithm of its own" in (ended.read("/opt/ml/output/failure") or "")
        assert "sagemaker_program" in (ended.read("/opt/ml/output/failure") or "")


@pytest.mark.parametrize("name", ["base", "scikit-learn", "xgboost"])
def test_processing_runs_by_its_own_entrypoint(
    docker_client: docker.DockerClient, images: Images, name: str
) -> None:
    script = "import pathlib, sys; pathlib.Path('/opt/ml/processing/output/said').write_text(sys.argv[1])"
    files = {"opt/ml/processing/input/code/process.py": script, "opt/ml/processing/output/": ""}
    entrypoint = ["python3", "/opt/ml/processing/input/code/process.py"]
    with run(docker_client, images.ensure(name), "word", files=files, entrypoint=entrypoint) as ended:
        assert ended.exit_code == 0, ended.output
        assert ended.read("/opt/ml/processing/output/said") == "word"


def test_building_left_no_unnamed_stage_of_ours(docker_client: docker.DockerClient, images: Images) -> None:
    """What a build leaves behind is not labelled as an image, and is removed when the build ends."""
    for name in EVERYTHING:
        history = docker_client.images.get(images.ensure(name)).history()
        commands = "\n".join(str(layer["CreatedBy"]) for layer in history)
        assert "pip install" not in commands
        assert "ca.pem" not in commands
        assert docker_client.images.get(images.ensure(name)).labels["seatrial"] == "image"


def test_compose_asks_minio_whether_it_is_ready_by_what_is_in_the_image(
    docker_client: docker.DockerClient, images: Images
) -> None:
    compose = (Path(__file__).parents[3] / "compose.yaml").read_text()
    probe = re.search(r">-\n(.*?)\n\s+interval:", compose, re.DOTALL)
    assert probe is not None
    question = " ".join(probe[1].split("\n")).replace("$$", "$")
    answers = WAIT_FOR_MINIO.replace("QUESTION", question.replace("'", "'\\''"))
    with run(docker_client, images.ensure("minio"), "-c", answers, files={}, entrypoint=["bash"]) as ended:
        assert ended.exit_code == 0, ended.output
        assert ended.output.splitlines() == ["ready"]


def test_looking_up_what_is_built_takes_no_time(
    docker_client: docker.DockerClient, images: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    images.ensure("xgboost")

    def never(*arguments: object, **options: object) -> None:
        raise AssertionError("asked the engine to build")

    monkeypatch.setattr(docker_client.api, "build", never)
    assert images.ensure("xgboost").startswith("seatrial/xgboost:")


def test_functions_of_either_sdk_and_notebooks_need_no_network(
    docker_client: docker.DockerClient, images: Images
) -> None:
    command = ("bash", "-c", ASK_FOR_SDKS)
    with run(docker_client, images.ensure("base-python"), *command, files={}) as ended:
        assert ended.exit_code == 0, ended.output
        versions = locked_versions(RECIPES["base-python"])
        assert f"sagemaker {versions['sagemaker']}" in ended.output.splitlines()
        assert "sagemaker.core 3.27.0" in ended.output.splitlines()
        assert "Requirement already satisfied: sagemaker" in ended.output
        assert "Amazon SageMaker Headless Execution Driver" in ended.output
        assert '"python3"' in ended.output
