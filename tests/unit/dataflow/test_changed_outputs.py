"""ST116: what a step wrote is another object now, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from seatrial.dataflow import Flow, judge
from seatrial.definition import PipelineDefinition
from seatrial.ports.executions import Reuse, ReuseKind
from seatrial.ports.findings import Severity
from seatrial.ports.observation import Observation, S3Call
from seatrial.ports.storage import S3Uri, StoredObject
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing, training
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.reading import codes, only

PART = S3Uri.parse("s3://seatrial/cancer/abc123def456/train/part-0.csv")
NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)


def prepared() -> PipelineDefinition:
    return pipeline(
        processing("Prep", outputs={"train": join(PREFIX, "train"), "test": join(PREFIX, "test")}),
        training("Train", {"train": output_of("Prep", "train")}),
    )


def misread(flow: Flow, size: int = 9) -> Flow:
    """The same flow, the last step having found the object as another one."""
    *others, last = flow.record.steps
    assert last.result is not None
    found = replace(last.result.inputs[0], objects=(StoredObject(PART.bucket, PART.key, size, "f" * 32),))
    steps = (*others, replace(last, result=replace(last.result, inputs=(found,))))
    return replace(flow, record=replace(flow.record, steps=steps))


def test_what_is_there_as_it_was_written_is_well() -> None:
    assert judge(simulate(prepared(), store=MemoryStore())) == []


@pytest.mark.parametrize("change", ["is gone", "has 5 bytes"])
def test_what_changed_after_the_run_is_a_warning(change: str) -> None:
    store = MemoryStore()
    flow = simulate(prepared(), store=store)
    if change == "is gone":
        store.delete([PART])
    else:
        store.write(PART, b"other")

    found = only(judge(flow), "ST116")
    assert (found.severity, found.step) == (Severity.WARNING, "Prep")
    what = "is gone since" if change == "is gone" else "changed after"
    assert found.message == f"1 object of Prep.train {what} Prep wrote it"
    assert found.where == "/Steps/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri"
    assert found.observed == f"{PART} {change}"


def test_what_a_step_read_as_something_else_is_an_error() -> None:
    found = only(judge(misread(simulate(prepared()))), "ST116")
    assert (found.severity, found.also) == (Severity.ERROR, "Train")
    assert "and Train read what it became" in found.message
    assert found.observed == f"{PART} has 9 bytes"


def test_the_step_whose_code_did_it_is_named() -> None:
    store = MemoryStore()
    flow = simulate(prepared(), store=store)
    store.write(PART, b"other")
    prep, train = flow.record.steps
    assert train.result is not None
    call = S3Call("PutObject", PART.bucket, PART.key, 200, NOW, NOW)
    seen = replace(train.result, observation=Observation(calls=(call,)))
    flow = replace(flow, record=replace(flow.record, steps=(prep, replace(train, result=seen))))

    assert "; Train did it by its own code" in only(judge(flow), "ST116").message


def test_a_property_file_that_is_gone_is_not_called_bad_json() -> None:
    evaluate = processing(
        "Evaluate",
        outputs={"report": join(PREFIX, "report")},
        property_files={"Report": ("report", "e.json")},
    )
    store = MemoryStore()
    flow = simulate(pipeline(evaluate, training("Train")), store=store)
    store.delete([S3Uri.parse("s3://seatrial/cancer/abc123def456/report/e.json")])

    assert codes(judge(flow)) == ["ST116"]


def test_a_store_that_has_nothing_left_is_said_once() -> None:
    store = MemoryStore()
    flow = simulate(prepared(), store=store)
    store.contents.clear()

    found = only(judge(flow), "ST116")
    assert found.where == "s3://seatrial/cancer/abc123def456"
    assert found.expected == "3 objects"
    assert "nothing that execution abc123def456 wrote is in the store any more" in found.message


def test_two_steps_that_write_one_key_collide_and_the_last_one_counts() -> None:
    place = join(PREFIX, "shared")
    flow = simulate(
        pipeline(
            processing("One", outputs={"a": place}),
            processing("Two", outputs={"b": place}, depends_on=("One",)),
        )
    )
    assert codes(judge(flow)) == ["ST106"]


def test_the_same_content_written_again_is_no_change() -> None:
    store = MemoryStore()
    flow = simulate(prepared(), store=store)
    simulate(prepared(), store=store)

    assert judge(flow) == []


def test_checkpoints_go_on_without_a_word() -> None:
    store = MemoryStore()
    flow = simulate(
        pipeline(training("Train", CheckpointConfig={"S3Uri": "s3://data/checkpoints"})), store=store
    )
    store.write(S3Uri.parse("s3://data/checkpoints/epoch-1"), b"more weights")

    assert judge(flow) == []


def test_a_reader_that_started_before_the_writer_ended_raced_with_it() -> None:
    flow = misread(simulate(prepared()))
    prep, train = flow.record.steps
    early = replace(train, started_at=prep.started_at)
    raced = replace(flow, record=replace(flow.record, steps=(prep, early)))

    assert "ST116" not in codes(judge(raced))


def test_of_a_step_that_was_taken_over_only_what_was_read_matters() -> None:
    store = MemoryStore()
    flow = simulate(prepared(), store=store)
    prep, train = flow.record.steps
    earlier = Reuse(ReuseKind.SELECTION, "arn:aws:sagemaker:us-east-1:123456789012:pipeline/p/execution/e1")
    reused = replace(flow, record=replace(flow.record, steps=(replace(prep, reuse=earlier), train)))
    store.write(PART, b"other")

    assert codes(judge(reused)) == []
    found = only(judge(misread(reused)), "ST116")
    assert (found.severity, found.step, found.also) == (Severity.ERROR, "Prep", "Train")


def test_without_a_store_nothing_is_known() -> None:
    store = MemoryStore()
    flow = simulate(prepared(), store=store)
    store.contents.clear()

    assert judge(replace(flow, list_objects=None)) == []


def test_a_place_is_listed_once_for_all_checks() -> None:
    store = MemoryStore()
    flow = simulate(prepared(), store=store)
    asked: list[S3Uri] = []

    def listing(place: S3Uri) -> list[StoredObject]:
        asked.append(place)
        return list(store.list_objects(place))

    judge(replace(flow, list_objects=listing))
    assert len(asked) == len(set(asked)) == 3
