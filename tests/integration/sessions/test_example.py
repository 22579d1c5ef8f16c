"""The example from its code, and from its compiled folder on a store that has nothing else.

The second run also turns the condition: every job runs before it, so the outputs must be the same.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.app.parts import Parts
from seatrial.app.trial import Trial, run
from seatrial.app.wishes import Wishes
from seatrial.execution import Control
from seatrial.images import Images
from seatrial.ports.executions import ExecutionStatus
from seatrial.ports.storage import StoreAddress
from seatrial.sessions import CompiledPipeline, load_pipeline, write_folder
from seatrial.settings import Settings
from seatrial.storage import ephemeral_store, read_seeds

EXAMPLE = Path(__file__).parents[3] / "examples/breast_cancer/pipeline.py"

Written = dict[tuple[str, str, str], object]


def run_it(parts: Parts, compiled: CompiledPipeline, **parameters: str) -> Trial:
    wishes = Wishes(
        compiled.name, compiled.definition_text, compiled.source, parameters, seeds_file=compiled.seeds
    )
    return run(parts, wishes, Control(), lambda record, definition: lambda event: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the example is compiled to."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture(scope="module")
def from_code(tmp_path_factory: pytest.TempPathFactory, store_address: StoreAddress, folder: Path) -> Trial:
    """The example, run from its code and compiled to the folder."""
    parts = Parts(Settings(state_dir=tmp_path_factory.mktemp("state")), print, address=store_address)
    compiled = load_pipeline(str(EXAMPLE), address=store_address, settings=parts.settings)
    assert compiled.seeds is not None
    write_folder(compiled, folder, parts.store, read_seeds(compiled.seeds).seeds)
    return run_it(parts, compiled)


@pytest.fixture(scope="module")
def from_folder(
    tmp_path_factory: pytest.TempPathFactory, images: Images, from_code: Trial, folder: Path
) -> Trial:
    """The folder, run on an empty store with a threshold that no model can reach."""
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"))
    with ephemeral_store(settings, image=lambda: images.ensure("minio")) as address:
        parts = Parts(settings, print, address=address)
        compiled = load_pipeline(str(folder), address=None, settings=settings)
        return run_it(parts, compiled, AucThreshold="1.1")


def written(trial: Trial) -> Written:
    """By step, output and relative key: the ETag of a plain object, the members' digests of an archive."""
    receipts = [(step.name, out) for step in trial.record.steps if step.result for out in step.result.outputs]
    return {
        (name, out.name, each.uri.removeprefix(out.s3_uri)): out.members or each.etag
        for name, out in receipts
        for each in out.objects
    }


def test_a_model_that_is_good_enough_is_registered(from_code: Trial) -> None:
    assert from_code.record.status is ExecutionStatus.SUCCEEDED
    register = from_code.record.step("BreastCancer-RegisterModel")
    assert register is not None
    assert ":model-package/" in str(register.properties["ModelPackageArn"]).lower()
    assert from_code.record.step("AucTooLow") is None


def test_the_flow_of_its_data_is_sound(from_code: Trial) -> None:
    assert from_code.exit_code("warning") == 0, from_code.findings


def test_the_folder_gives_the_same_outputs_on_an_empty_store(from_code: Trial, from_folder: Trial) -> None:
    assert written(from_code) == written(from_folder)
    assert {(step, output) for step, output, _ in written(from_code)} == {
        ("Preprocess", "train"),
        ("Preprocess", "validation"),
        ("Preprocess", "test"),
        ("Train", "model"),
        ("Evaluate", "evaluation"),
        ("Calibrate", "calibration"),
    }


def test_a_model_that_is_not_good_enough_ends_in_the_fail_steps_words(from_folder: Trial) -> None:
    assert from_folder.record.status is ExecutionStatus.FAILED
    refused = from_folder.record.step("AucTooLow")
    assert refused is not None
    assert str(refused.failure_reason).startswith("AUC 0.99")
    assert str(refused.failure_reason).endswith(" is below the threshold of 1.1")
    assert from_folder.record.step("BreastCancer-RegisterModel") is None
    assert from_folder.exit_code("never") == 1
