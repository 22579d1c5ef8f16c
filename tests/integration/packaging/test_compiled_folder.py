"""The example from its code, and from its compiled folder where there is no SDK and nothing in the store.

The second run also turns the condition: every job runs before it, so the outputs must be the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from seatrial.app.parts import Parts
from seatrial.app.trial import Trial, run
from seatrial.app.wishes import Wishes
from seatrial.execution import Control
from seatrial.images import Images
from seatrial.ports.executions import ExecutionStatus
from seatrial.ports.storage import StoreAddress
from seatrial.sessions import load_pipeline
from seatrial.settings import Settings
from seatrial.storage import find_store, stop_store
from tests.integration.packaging.conftest import ROOT

EXAMPLE = ROOT / "examples/breast_cancer/pipeline.py"

Json = Any


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, store_address: StoreAddress) -> Path:
    """What `seatrial compile` makes of the example."""
    here = tmp_path_factory.mktemp("compiling")
    subprocess.run(
        [Path(sys.executable).with_name("seatrial"), "compile", EXAMPLE, "-o", here / "compiled"],
        cwd=here,
        env={**clean_environment(), **named_store(store_address)},
        check=True,
    )
    return here / "compiled"


@pytest.fixture(scope="module")
def from_code(tmp_path_factory: pytest.TempPathFactory, store_address: StoreAddress) -> Trial:
    """The example, run from its code."""
    parts = Parts(Settings(state_dir=tmp_path_factory.mktemp("state")), print, address=store_address)
    compiled = load_pipeline(str(EXAMPLE), address=store_address, settings=parts.settings)
    wishes = Wishes(compiled.name, compiled.definition_text, compiled.source, {}, seeds_file=compiled.seeds)
    return run(parts, wishes, Control(), lambda record, definition: lambda event: None)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a state and a store of its own, that are gone afterwards."""
    here = tmp_path_factory.mktemp("elsewhere")
    settings = Settings(state_dir=here / ".seatrial")
    assert find_store(settings) is None
    yield here
    assert stop_store(settings, remove_data=True)


@pytest.fixture(scope="module")
def from_folder(elsewhere: Path, installed: Path, folder: Path, images: Images) -> Json:
    """The folder, run by the installed wheel, with a threshold that no model can reach."""
    images.ensure("minio")
    done = subprocess.run(
        [installed / "seatrial", "run", folder, "-p", "AucThreshold=1.1", "--json"],
        cwd=elsewhere,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        check=False,
    )
    assert done.returncode == 1
    return json.loads(done.stdout)


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SEATRIAL_"))}


def named_store(address: StoreAddress) -> dict[str, str]:
    return {
        "SEATRIAL_STORE__ENDPOINT_URL": address.endpoint_url,
        "SEATRIAL_STORE__ACCESS_KEY": address.credentials.access_key,
        "SEATRIAL_STORE__SECRET_KEY": address.credentials.secret_key,
    }


def comparable(manifest: Json) -> dict[tuple[str, str], Json]:
    """Each output by step and name, without what two runs cannot share: their ids, names and times."""
    execution_id = manifest["execution_metadata"]["execution_id"]
    return {
        (step, name): json.loads(json.dumps(_without_the_run(info)).replace(execution_id, "EXECUTION"))
        for step, outputs in manifest["step_outputs"].items()
        for name, info in outputs.items()
    }


def _without_the_run(info: Mapping[str, Json]) -> Json:
    """An archive holds times, so it is compared by the digests of its members."""
    metadata = {**info["metadata"], "job_name": "JOB"}
    if metadata["members"]:
        times = {"size": 0, "etag": ""}
        metadata |= {"bytes": 0, "objects": [{**stored, **times} for stored in metadata["objects"]]}
    masked = {**info, "timestamp": "", "metadata": metadata}
    return json.loads(json.dumps(masked).replace(info["metadata"]["job_name"], "JOB"))


def test_a_model_that_is_good_enough_is_registered(from_code: Trial) -> None:
    assert from_code.record.status is ExecutionStatus.SUCCEEDED
    register = from_code.record.step("BreastCancer-RegisterModel")
    assert register is not None
    assert ":model-package/" in str(register.properties["ModelPackageArn"]).lower()
    assert from_code.record.step("AucTooLow") is None


def test_the_flow_of_its_data_is_sound(from_code: Trial) -> None:
    assert from_code.exit_code("warning") == 0, from_code.findings


def test_a_training_without_a_script_tells_its_metrics_and_leaves_a_model(from_code: Trial) -> None:
    """The request defines no metrics: the service knows those of its own algorithms."""
    baseline = from_code.record.step("TrainBaseline")
    assert baseline is not None
    listed = json.loads(json.dumps(baseline.properties["FinalMetricDataList"]))
    final = {each["MetricName"]: each["Value"] for each in listed}
    assert final.keys() == {"train:auc", "validation:auc"}
    assert 0.95 < final["validation:auc"] <= final["train:auc"] <= 1
    outputs = from_code.registry.export_to_manifest()["step_outputs"]["TrainBaseline"]
    members = outputs["model"]["metadata"]["members"]
    assert [member["name"] for member in members] == ["xgboost-model"]


def test_the_folder_gives_the_same_registry_without_the_sdk_and_on_an_empty_store(
    from_code: Trial, from_folder: Json
) -> None:
    ours = comparable(from_code.registry.export_to_manifest())

    assert ours == comparable(from_folder["outputs"])
    assert list(ours) == [
        ("Preprocess", "train"),
        ("Preprocess", "validation"),
        ("Preprocess", "test"),
        ("Train", "model"),
        ("TrainBaseline", "model"),
        ("Evaluate", "evaluation"),
        ("Calibrate", "calibration"),
    ]
    assert ours["Train", "model"]["metadata"]["members"]
    assert all(info["metadata"]["objects"] for info in ours.values())


def test_a_model_that_is_not_good_enough_ends_in_the_fail_steps_words(from_folder: Json) -> None:
    assert from_folder["status"] == "Failed"
    steps = {step["name"]: step for step in from_folder["steps"]}
    assert steps["AucTooLow"]["failure_reason"].startswith("AUC 0.99")
    assert steps["AucTooLow"]["failure_reason"].endswith(" is below the threshold of 1.1")
    assert "BreastCancer-RegisterModel" not in steps
