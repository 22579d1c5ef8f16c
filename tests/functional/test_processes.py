"""Jobs in processes of their own: what the executor is handed travels, each worker makes its own parts."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.app.wishes import Wishes
from seatrial.execution import Control
from seatrial.images import Images
from seatrial.ports.executions import ExecutionStatus
from seatrial.ports.storage import StoreAddress
from seatrial.settings import Settings
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing

WRITE = "open('/opt/ml/processing/data/a.txt', 'w').write('ahoy')"
READ = "print(open('/opt/ml/processing/input/data/a.txt').read())"


@pytest.fixture
def parts(settings: Settings, store_address: StoreAddress, images: Images) -> Parts:
    """Parts of this process; `python` names the base image."""
    images.ensure("base")
    return Parts(settings.model_copy(update={"images": {"python": "base"}}), print, address=store_address)


def test_a_pipeline_runs_over_processes_that_share_nothing_but_the_store(parts: Parts) -> None:
    definition = pipeline(
        processing("Write", outputs={"data": join(PREFIX, "data")}, image="python", script=WRITE),
        processing("Read", {"data": output_of("Write", "data")}, image="python", script=READ),
        processing("Break", image="python", script="import sys; sys.exit(3)"),
    )
    wishes = Wishes("Apart", definition.text, definition.source, prefix="s3://trial-apart/x")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        ended = trial.run(
            parts, wishes, Control(), lambda record, definition: lambda event: None, executor=processes
        )

    assert ended.record.status is ExecutionStatus.FAILED
    assert {step.name: step.status.value for step in ended.record.steps} == {
        "Write": "Succeeded",
        "Read": "Succeeded",
        "Break": "Failed",
    }
    read, broken = ended.record.step("Read"), ended.record.step("Break")
    assert read is not None
    assert read.result is not None
    assert read.result.log_tail == ("ahoy",)
    assert broken is not None
    assert broken.failure_reason == "ClientError: AlgorithmError: , exit code: 3"
