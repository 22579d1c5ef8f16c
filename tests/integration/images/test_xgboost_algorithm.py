"""XGBoost's algorithm mode in containers: channels in, `xgboost-model` out, and each class of failure.

Many trainings share a container, for a container costs more than a training.
"""

from __future__ import annotations

import io
import json
import random
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import docker
import pytest

from seatrial.images import Images
from tests.integration.images.box import Ended, run, training_files

FILE = {"TrainingInputMode": "File", "S3DistributionType": "FullyReplicated", "RecordWrapperType": "None"}
CSV = {**FILE, "ContentType": "text/csv"}
PARQUET = {**FILE, "ContentType": "application/x-parquet"}
PIPED = {**CSV, "TrainingInputMode": "Pipe"}
RECORDS = {**FILE, "ContentType": "application/x-recordio-protobuf"}

# Each training has a folder of its own at /jobs/<name>, which is /opt/ml while it runs.
TRAIN_EACH = """
cd /jobs
for job in *; do
  rm -rf /opt/ml && ln -s /jobs/$job /opt/ml
  test ! -f $job/make.py || python $job/make.py
  train > $job/log 2>&1; echo $? > $job/exit
done
python - <<'END'
import json, pathlib, xgboost
for path in pathlib.Path("/jobs").glob("*/model/xgboost-model*"):
    model = xgboost.Booster(model_file=str(path))
    found = [model.num_boosted_rounds(), model.num_features()]
    path.with_name(path.name + ".json").write_text(json.dumps(found))
END
"""
MAKE_PARQUET = """
import pandas
table = pandas.read_csv("/opt/ml/input/data.csv", header=None)
table.columns = table.columns.map(str)
table.to_parquet("/opt/ml/input/data/train/data.parquet")
"""

MAKE_PIPES = """
import os, subprocess
for name in ("train", "validation"):
    pipe = f"/opt/ml/input/data/{name}_0"
    os.mkfifo(pipe)
    subprocess.Popen(["sh", "-c", f"cat /opt/ml/input/{name}.csv > {pipe}"])
"""


@dataclass(frozen=True)
class Job:
    """What one training is given: hyperparameters, channels, and the files below its channels."""

    hyperparameters: Mapping[str, str]
    channels: Mapping[str, Mapping[str, str]]
    files: Mapping[str, str]
    more: Mapping[str, str]

    def below(self, folder: str) -> dict[str, str]:
        """Everything below /opt/ml, in another place."""
        common = {
            name.replace("opt/ml", folder, 1): content
            for name, content in training_files(None).items()
            if "input/data" not in name
        }
        channels = {f"{folder}/input/data/{name}/": "" for name in self.channels}
        return {
            **common,
            **channels,
            f"{folder}/input/config/hyperparameters.json": json.dumps(dict(self.hyperparameters)),
            f"{folder}/input/config/inputdataconfig.json": json.dumps(dict(self.channels)),
            **{f"{folder}/input/data/{name}": content for name, content in self.files.items()},
            **{f"{folder}/{name}": content for name, content in self.more.items()},
        }


def job(
    given: Mapping[str, str],
    files: Mapping[str, str],
    more: Mapping[str, str] | None = None,
    **channels: Mapping[str, str],
) -> Job:
    return Job({"num_round": "2", **given}, channels, files, more or {})


def table(rows: int, separator: str = ",", columns: int = 2) -> str:
    """Labels that depend on the columns that follow them, the same in every session."""
    numbers = random.Random(rows)  # noqa: S311
    cells = [[numbers.random() for _ in range(columns)] for _ in range(rows)]
    return "".join(separator.join([str(int(sum(row) > columns / 2)), *map(str, row)]) + "\n" for row in cells)


LOGISTIC = {"objective": "binary:logistic"}

TRAININGS: dict[str, Job] = {
    "early": job(
        {
            **LOGISTIC,
            "num_round": "50",
            "eval_metric": "error@0.7,f1,accuracy,auc",
            "early_stopping_rounds": "3",
            "tree_method": "gpu_hist",
            "max_depth": "2",
        },
        {"train/a.csv": table(150), "train/b/c/d.csv": table(50), "validation/v.csv": table(60)},
        train=CSV,
        validation=CSV,
    ),
    "regression": job(
        {"objective": "reg:squarederror", "eval_metric": "mse,r2", "csv_weights": "1"},
        {"train/a": "x;w;y\n" + table(30, ";", columns=2)},
        train=CSV,
    ),
    "libsvm": job({}, {"train/a": "1 0:1.5 4:2\n0 1:3 2:1\n" * 9, "train/_SUCCESS": ""}, train=FILE),
    "parquet": job(LOGISTIC, {}, {"make.py": MAKE_PARQUET, "input/data.csv": table(40)}, train=PARQUET),
    "piped": job(
        {**LOGISTIC, "_kfold": "2", "_num_cv_round": "1"},
        {},
        {"make.py": MAKE_PIPES, "input/train.csv": table(30), "input/validation.csv": table(10)},
        train=PIPED,
        validation=PIPED,
    ),
    "classes": job(
        {
            "objective": "multi:softmax",
            "num_class": "3",
            "_tuning_objective_metric": "validation:recall_macro",
        },
        {
            "train/a": "".join(f"{n % 3},{n % 3 + n / 100}\n" for n in range(30)),
            "validation/v": "0,0.1\n2,2.1\n1,1\n",
        },
        train=CSV,
        validation=CSV,
    ),
    "folds": job(
        {**LOGISTIC, "_kfold": "2", "_num_cv_round": "2", "eval_metric": "auc"},
        {"train/a": table(30), "validation/v": table(10)},
        {"input/config/checkpointconfig.json": json.dumps({"LocalPath": "/opt/ml/checkpoints"})},
        train=CSV,
        validation=CSV,
    ),
}

FAILURES: dict[str, tuple[Job, str]] = {
    "hyperparameters first": (job({"num_round": "0"}, {}), "Hyperparameter num_round: 0 is not in [1, +inf)"),
    "then channels": (job({}, {"train/.x": "?"}, train=CSV, test=CSV), "Extraneous channel found: test"),
    "then files": (
        job({}, {"train/.x": "1,2\n"}, train=CSV),
        "Hidden file found in the data path! Remove that before training.",
    ),
    "csv as libsvm": (
        job({}, {"train/a.csv": "1,2\n"}, train=FILE),
        "First line '1,2\n...' of file 'a.csv' is not 'LIBSVM' format. "
        "Please ensure the file is in 'LIBSVM' format.",
    ),
    "no data": (job({}, {}, train=CSV), "No data in training channel path /opt/ml/input/data/train"),
    "no validation data": (
        job({}, {"train/a": "1,2\n"}, train=CSV, validation=CSV),
        "No data in validation channel path /opt/ml/input/data/validation",
    ),
    "no parquet": (
        job({}, {"train/a": "1,2\n"}, train=PARQUET),
        "Failed to load parquet data with exception:\n",
    ),
    "piped parquet": (
        job({}, {}, train={**PARQUET, "TrainingInputMode": "Pipe"}),
        "Pipe mode is not supported for parquet by this image; use csv, or File mode.",
    ),
    "recordio": (
        job({}, {"train/a": "1,2\n"}, train=RECORDS),
        "recordio-protobuf is not supported by this image; use csv, libsvm or parquet.",
    ),
    "labels": (
        job(LOGISTIC, {"train/a": "7,2\n8,3\n"}, train=CSV),
        "label must be in [0,1] for logistic regression",
    ),
    "no objective": (job({"eval_metric": "auc"}, {"train/a": "1,2\n"}, train=CSV), "KeyError: 'objective'"),
    "of the algorithm": (
        job({"objective": "survival:aft"}, {"train/a": "1,2\n3,4\n"}, train=CSV),
        "exceptions.AlgorithmError: XGB train call failed with exception:\n ",
    ),
}


@dataclass(frozen=True)
class Trained:
    """What one training left below /opt/ml."""

    ended: Ended
    folder: str

    def read(self, name: str) -> str:
        text = self.ended.read(f"{self.folder}/{name}")
        assert text is not None, f"{self.folder}/{name} is not there"
        return text

    @property
    def exit_code(self) -> int:
        return int(self.read("exit"))

    @property
    def rounds(self) -> list[str]:
        return [line for line in self.read("log").splitlines() if line.startswith("[") and "]\t" in line]

    def model(self, name: str = "xgboost-model") -> tuple[int, int]:
        """How many rounds and features it has, once loaded."""
        rounds, features = json.loads(self.read(f"model/{name}.json"))
        return rounds, features


@pytest.fixture(scope="module")
def ended(docker_client: docker.DockerClient, images: Images) -> Iterator[Ended]:
    """All trainings, one after the other in one container."""
    jobs = {**TRAININGS, **{name.replace(" ", "-"): each for name, (each, _) in FAILURES.items()}}
    files = {path: text for name, each in jobs.items() for path, text in each.below(f"jobs/{name}").items()}
    with run(docker_client, images.ensure("xgboost"), "bash", "-c", TRAIN_EACH, files=files) as ended:
        assert ended.exit_code == 0, ended.output
        yield ended


def trained(ended: Ended, name: str) -> Trained:
    found = Trained(ended, f"/jobs/{name}")
    assert found.exit_code == 0, found.read("log")
    return found


def test_every_round_is_logged_as_the_metrics_expressions_expect_and_training_stops_early(
    ended: Ended,
) -> None:
    found = trained(ended, "early")
    number = r"\d\.\d{5}"
    # XGBoost's own metrics stand in the order that was asked for, those of the image after them by name.
    names = ("error@0.7", "auc", "accuracy", "f1")
    line = [f"{channel}-{name}:{number}" for channel in ("train", "validation") for name in names]
    assert re.fullmatch("\t".join([r"\[0\]", *line]), found.rounds[0]), found.rounds[0]
    scores = [float(re.findall(r"validation-auc:(\S+)", text)[0]) for text in found.rounds]
    best = scores.index(max(scores))
    assert len(found.rounds) == best + 4 < 50
    assert found.model() == (best + 1, 2)


def test_the_log_tells_what_was_read_and_what_runs_on_the_cpu(ended: Ended) -> None:
    log = re.sub(r"\[\d{4}-\d\d-\d\d:\d\d:\d\d:\d\d:", "[", trained(ended, "early").read("log"))
    for line in (
        "[INFO] Running XGBoost Sagemaker in algorithm mode",
        "[INFO] Determined delimiter of CSV input is ','",
        "[INFO] Single node training.",
        "[INFO] Train matrix has 200 rows and 2 columns",
        "[INFO] Validation matrix has 60 rows",
        "[WARNING] No GPU here: tree_method=gpu_hist runs on the CPU as tree_method=hist",
    ):
        assert line in log.splitlines()


def test_a_csv_has_weights_a_header_and_another_delimiter(ended: Ended) -> None:
    """The header is a row like any other, as XGBoost's parser takes it."""
    found = trained(ended, "regression")
    assert "Train matrix has 31 rows and 1 columns" in found.read("log")
    assert re.match(r"\[1\]\ttrain-rmse:\S+\ttrain-mse:\S+\ttrain-r2:\S+$", found.rounds[1])
    assert found.model() == (2, 1)


def test_libsvm_and_parquet_are_read(ended: Ended) -> None:
    assert trained(ended, "libsvm").model() == (2, 5)
    assert trained(ended, "parquet").model() == (2, 2)


def test_csv_is_read_from_pipes_once_and_used_as_often_as_it_is_needed(ended: Ended) -> None:
    found = trained(ended, "piped")
    assert "Train matrix has 30 rows and 2 columns" in found.read("log")
    assert len(found.read("output/data/predictions.csv").splitlines()) == 40


def test_a_tuned_metric_is_watched_without_being_asked_for(ended: Ended) -> None:
    assert "\tvalidation-recall_macro:1.00000" in trained(ended, "classes").rounds[-1]


def test_cross_validation_leaves_a_model_per_fold_and_all_predictions(ended: Ended) -> None:
    found = trained(ended, "folds")
    assert [found.model(f"xgboost-model-{number}") for number in range(4)] == [(2, 2)] * 4
    assert found.ended.read("/jobs/folds/model/xgboost-model") is None
    rows = [line.split(",") for line in found.read("output/data/predictions.csv").splitlines()]
    assert len(rows) == 40
    assert {len(row) for row in rows} == {3}
    assert sum(line.startswith("[2]\t") for line in found.rounds) == 3


def test_a_checkpoint_is_left_after_the_first_round(ended: Ended) -> None:
    assert trained(ended, "folds").read("checkpoints/xgboost-checkpoint_0.json").startswith("{")


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_told_in_the_words_of_the_original(ended: Ended, name: str) -> None:
    found = Trained(ended, f"/jobs/{name.replace(' ', '-')}")
    assert found.exit_code == 1
    failure = found.read("output/failure")
    assert failure.startswith("framework error: \nTraceback (most recent call last):\n")
    assert FAILURES[name][1] in failure
    # What a job's reason has room for.
    assert FAILURES[name][1] in failure[:1000]
    assert ended.read(f"{found.folder}/output/success") is None


def test_an_error_of_the_user_is_named_so(ended: Ended) -> None:
    failure = Trained(ended, "/jobs/then-channels").read("output/failure")
    assert failure.endswith(
        "\nsagemaker_algorithm_toolkit.exceptions.UserError: Extraneous channel found: test\n"
        "\nExtraneous channel found: test"
    )


def test_a_stopped_training_keeps_the_model_so_far(
    docker_client: docker.DockerClient, images: Images
) -> None:
    given = {**LOGISTIC, "num_round": "1000000", "save_model_on_termination": "true"}
    files = job(given, {"train/a": table(20)}, {"model/other": "x"}, train=CSV).below("opt/ml")
    stop = "train > /log & until grep -q '^.3.' /log; do sleep 0.1; done; kill $!; wait $!; exit $?"
    with run(docker_client, images.ensure("xgboost"), "bash", "-c", stop, files=files) as stopped:
        assert stopped.exit_code == 0, stopped.output
        stream, _ = stopped.container.get_archive("/opt/ml/model")
        with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as archive:
            assert [name for name in archive.getnames() if "/" in name] == ["model/xgboost-model"]
