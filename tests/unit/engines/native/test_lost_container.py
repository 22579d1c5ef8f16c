"""A container whose end is not known: it may still write, and what is missing here may be there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.ports.runners import JobOutcome
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.unit.engines.native.requests import Bench

CHECKPOINTS = {"CheckpointConfig": {"S3Uri": "s3://bucket/checkpoints"}}
KEPT = {"checkpoints/a": b"1", "checkpoints/b": b"2"}


def removing_a(inside: Inside) -> int:
    inside.path("/opt/ml/checkpoints/a").unlink()
    inside.write("/opt/ml/checkpoints/c", "3")
    return 0


def lost(outcome: JobOutcome) -> JobOutcome:
    return replace(outcome, exit_code=None, lost="the wait was cut")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A store with two checkpoints."""
    bench = Bench(tmp_path, removing_a)
    bench.store.contents["bucket"] = dict(KEPT)
    return bench


def test_a_checkpoint_that_a_job_removed_goes_from_the_store(bench: Bench) -> None:
    assert bench.train(**CHECKPOINTS).describe["TrainingJobStatus"] == "Completed"
    assert sorted(bench.store.contents["bucket"]) == ["checkpoints/b", "checkpoints/c"]
    assert bench.store.given_up == [True]


def test_nothing_goes_from_the_store_when_the_end_is_not_known(bench: Bench) -> None:
    bench.runner = MemoryRunner({"*": removing_a}, outcomes={"train": lost})
    assert bench.train(**CHECKPOINTS).describe["TrainingJobStatus"] == "Failed"
    assert sorted(bench.store.contents["bucket"]) == ["checkpoints/a", "checkpoints/b", "checkpoints/c"]
    assert bench.store.given_up == [False], "a container that still writes would write into the cache"


def test_only_what_a_container_can_have_written_changes_hands(bench: Bench) -> None:
    runner = MemoryRunner({"*": removing_a})
    bench.runner = runner
    bench.train(**CHECKPOINTS)
    assert {folder.name for folder in runner.owned} == {"tree", "scratch"}
