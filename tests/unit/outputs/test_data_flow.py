"""Inputs of a step wired to outputs: resolved, looked up, reported."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from seatrial.errors import ExpressionError, RefusedError, StorageError
from seatrial.outputs.data_flow import DataFlowManager
from seatrial.outputs.references import PropertyReference
from seatrial.ports.storage import S3Uri
from tests.adapters.failing_store import FailingStore, denied
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing, training
from tests.adapters.simulated_run import simulate

ROOT = "s3://seatrial/cancer/abc123def456"
DEFINITION = pipeline(training("Train"), processing("Prep", outputs={"train": join(PREFIX, "train")}))
TRAIN = PropertyReference(
    step_name="Prep", property_path="ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"
)
MODEL = PropertyReference(step_name="Train", property_path="ModelArtifacts.S3ModelArtifacts")


@dataclass
class Contract:
    expected_input_paths: dict[str, str] = field(default_factory=dict)


def a_manager(tmp_path: Path, store: MemoryStore | None = None) -> DataFlowManager:
    holding = store if store is not None else MemoryStore()
    return DataFlowManager(tmp_path / "work", simulate(DEFINITION, store=holding).registry, holding)


def test_references_outputs_and_uris_become_uris(tmp_path: Path) -> None:
    manager = a_manager(tmp_path)
    info = manager.s3_output_registry.get_step_output_info("Prep", "train")
    assert info is not None
    contract = Contract({name: f"/opt/ml/processing/input/{name}" for name in ("a", "b", "c")})
    found = manager.setup_step_inputs("Score", {"a": TRAIN, "b": info, "c": "s3://raw/x"}, contract)
    assert found == {"a": f"{ROOT}/train", "b": f"{ROOT}/train", "c": "s3://raw/x"}


def test_what_does_not_fit_the_contract_is_said_whole_and_nothing_is_wired(tmp_path: Path) -> None:
    manager = a_manager(tmp_path)
    with pytest.raises(RefusedError, match="nothing for data; no such input: dta"):
        manager.setup_step_inputs("Score", {"dta": TRAIN}, ["data"])
    assert manager.create_data_lineage_report()["entries"] == []


def test_a_reference_that_nobody_knows_is_an_error(tmp_path: Path) -> None:
    unknown = PropertyReference(step_name="Prep", property_path="X")
    with pytest.raises(ExpressionError, match=r"nobody knows Steps\.Prep\.X"):
        a_manager(tmp_path).setup_step_inputs("Score", {"data": unknown})


def test_what_is_no_s3_uri_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"input data of Score would be '/local', which is no S3 URI"):
        a_manager(tmp_path).setup_step_inputs("Score", {"data": "/local"})


def test_availability_is_really_looked_up(tmp_path: Path) -> None:
    store = MemoryStore()
    manager = a_manager(tmp_path, store)
    manager.setup_step_inputs(
        "Score", {"data": TRAIN, "model": MODEL, "near": f"{ROOT}/tra", "gone": "s3://raw/x"}
    )
    found = manager.validate_data_availability("Score", ["data", "model", "near", "gone", "never-set-up"])
    assert found == {"data": True, "model": True, "near": False, "gone": False, "never-set-up": False}
    store.delete([S3Uri.parse(f"{ROOT}/train/part-0.csv")])
    assert manager.validate_data_availability("Score", ["data"]) == {"data": False}


def test_a_uri_can_be_asked_for_directly_and_a_folders_marker_is_no_data(tmp_path: Path) -> None:
    store = MemoryStore()
    store.contents["raw"] = {"folder/": b""}
    manager = a_manager(tmp_path, store)
    wanted = {"x": "s3://raw/folder/", "y": f"{ROOT}/train/"}
    assert manager.validate_data_availability("Score", wanted) == {"x": False, "y": True}


def test_what_may_not_be_looked_at_is_an_error_and_not_false(tmp_path: Path) -> None:
    store = FailingStore()
    manager = a_manager(tmp_path, store)
    store.troubles = [denied()]
    with pytest.raises(StorageError, match="AccessDenied"):
        manager.validate_data_availability("Score", {"x": f"{ROOT}/train"})


def test_without_a_store_nothing_is_said_of_availability(tmp_path: Path) -> None:
    manager = DataFlowManager(tmp_path, simulate(DEFINITION).registry)
    with pytest.raises(RefusedError, match="only be looked up in a store"):
        manager.validate_data_availability("Score", ["data"])


def test_the_report_names_both_ends_and_is_kept_in_the_workspace(tmp_path: Path) -> None:
    manager = a_manager(tmp_path)
    manager.setup_step_inputs("Score", {"data": TRAIN, "part": f"{ROOT}/train/part-0.csv", "raw": "s3://r/x"})
    manager.setup_step_inputs("Score", {"data": TRAIN})
    report = manager.create_data_lineage_report()
    ends = [(e["from_step"], e["from_output"], e["to_step"], e["to_input"]) for e in report["entries"]]
    assert ends == [
        ("Prep", "train", "Score", "data"),
        ("Prep", "train", "Score", "part"),
        (None, None, "Score", "raw"),
    ]
    assert (report["total_entries"], report["total_steps"], report["from_outside"]) == (3, 1, 1)
    assert json.loads((tmp_path / "work/data-lineage.json").read_text()) == report
