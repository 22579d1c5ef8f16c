"""What a step's own code did in S3, against what its definition says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from seatrial.dataflow import Flow
from seatrial.ports.executions import Reuse, ReuseKind
from seatrial.ports.observation import S3Call
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing, training
from tests.adapters.simulated_run import PART, START, Doing, simulate
from tests.unit.dataflow.seen_calls import call, found, said, with_calls

LOOKUP = "s3://lookup/tables/codes.csv"


def one_step(*calls: S3Call, **more: Any) -> Flow:
    """A pipeline of one step, which called these."""
    definition = pipeline(processing("Make", outputs={"data": join(PREFIX, "data")}, **more))
    return with_calls(simulate(definition, {"Make": Doing({"data": PART})}), {"Make": calls})


def two_steps(*calls: S3Call, made: tuple[S3Call, ...] = (), **more: Any) -> Flow:
    """Make writes `data/part-0.csv`; Measure called these."""
    definition = pipeline(
        processing("Make", outputs={"data": join(PREFIX, "data")}),
        processing("Measure", outputs={"report": join(PREFIX, "report")}, **more),
    )
    doing = {"Make": Doing({"data": PART}), "Measure": Doing({"report": PART})}
    return with_calls(simulate(definition, doing), {"Make": made, "Measure": calls})


def ended(flow: Flow, step: str) -> datetime:
    record = flow.record.step(step)
    assert record is not None
    assert record.ended_at is not None
    return record.ended_at


def test_what_nothing_declares_is_read_behind_the_definition() -> None:
    flow = one_step(call("GetObject", LOOKUP))
    assert said(flow) == [
        (
            "ST120",
            "warning",
            "Make's own code read s3://lookup/tables/codes.csv, which no input of the step declares",
        )
    ]
    [told] = found(flow)
    assert (told.where, told.also, told.step) == ("/Steps/0", LOOKUP, "Make")


def test_many_objects_of_a_place_are_one_finding_with_the_first_of_them() -> None:
    calls = [call("GetObject", f"s3://lookup/days/{day}/part.csv") for day in range(7)]
    [told] = found(one_step(*calls))
    assert "7 objects beneath s3://lookup/days/" in told.message
    assert told.observed == (
        ", ".join(f"s3://lookup/days/{day}/part.csv" for day in range(5)) + " and 2 more"
    )


def test_places_apart_are_findings_apart() -> None:
    flow = one_step(*(call("GetObject", f"s3://lookup/{place}") for place in ("a/1", "b/2", "3")))
    assert [told.also for told in found(flow)] == ["s3://lookup/a/1", "s3://lookup/b/2", "s3://lookup/3"]


@pytest.mark.parametrize(
    "calls",
    [
        (call("HeadObject", LOOKUP),),
        (call("ListObjectsV2", "s3://lookup/tables/"),),
        (call("GetObject", LOOKUP, status=403),),
        (call("GetObject", LOOKUP, status=404),),
        (call("GetObject", "s3://lookup/tables/"),),
        (call("PutObject", "s3://lookup/tables/"),),
        (call("PutObject", LOOKUP, status=403),),
        (call("CreateMultipartUpload", LOOKUP), call("UploadPart", LOOKUP)),
        (call("PutObject", "s3://tmp/x"), call("DeleteObject", "s3://tmp/x")),
        (call("PutObject", "data/more.csv"), call("GetObject", "data/more.csv")),
        (call("GetObjectTagging", LOOKUP), call("CreateBucket", "s3://lookup/")),
    ],
    ids=[
        "asked whether it is there",
        "listed",
        "refused to read",
        "not there",
        "read a folder's mark",
        "made a folder's mark",
        "refused to write",
        "gave an upload up",
        "took it away again",
        "in its own output",
        "other calls",
    ],
)
def test_what_changes_and_reads_nothing_elsewhere_is_no_finding(calls: tuple[S3Call, ...]) -> None:
    assert said(one_step(*calls)) == []


def test_what_was_not_observed_is_no_finding() -> None:
    assert said(with_calls(one_step(call("GetObject", LOOKUP)), {"Make": None})) == []


@pytest.mark.parametrize(
    "more",
    [
        {"inputs": {"lookup": "s3://lookup/tables"}},
        {"inputs": {"lookup": LOOKUP}},
        {"arguments": ["--lookup", LOOKUP]},
        {"arguments": ["--lookup=s3://lookup/tables/"]},
        {"arguments": ["--lookup", join("s3:/", "lookup", "tables")]},
        {"environment": {"LOOKUP": "s3a://lookup/tables"}},
        {"environment": {"LOOKUPS": '{"codes": "s3://lookup/tables/codes.csv"}'}},
        {"environment": {"BUCKET": "lookup", "PREFIX": "tables/"}},
    ],
    ids=["input", "one object", "argument", "option", "joined", "hadoop", "json", "bucket and prefix"],
)
def test_what_the_definition_names_may_be_read(more: dict[str, Any]) -> None:
    assert said(one_step(call("GetObject", LOOKUP), **more)) == []


def test_a_bucket_alone_names_no_object() -> None:
    assert [told.code for told in found(one_step(call("GetObject", LOOKUP), environment={"B": "lookup"}))]


def test_hyperparameters_and_code_of_a_training_job_are_named() -> None:
    definition = pipeline(
        training(
            "Train",
            {"train": "s3://data/train"},
            hyperparameters={
                "sagemaker_submit_directory": '"s3://code/source/sourcedir.tar.gz"',
                "model_dir": '"s3://models/dir"',
            },
            CheckpointConfig={"S3Uri": "s3://models/checkpoints"},
            TensorBoardOutputConfig={"S3OutputPath": "s3://models/board"},
        )
    )
    calls = [
        call("GetObject", "s3://code/source/sourcedir.tar.gz"),
        call("GetObject", "s3://data/train/part-0.csv"),
        call("GetObject", "s3://models/dir/weights"),
        call("GetObject", "s3://models/checkpoints/1"),
        call("PutObject", "s3://models/checkpoints/2"),
        call("PutObject", "s3://models/board/events"),
    ]
    assert said(with_calls(simulate(definition), {"Train": calls})) == []


def test_what_it_wrote_itself_may_be_read_again() -> None:
    flow = one_step(call("PutObject", "s3://tmp/x", at=START), call("GetObject", "s3://tmp/x"))
    assert [told.code for told in found(flow)] == ["ST121"]


def test_a_copy_reads_and_writes() -> None:
    flow = one_step(call("CopySource", LOOKUP), call("CopyObject", "s3://elsewhere/codes.csv"))
    assert [told.code for told in found(flow)] == ["ST120", "ST121"]


def test_an_output_that_is_waited_for_and_not_wired_is_read_behind_the_definition() -> None:
    flow = two_steps(call("GetObject", "data/part-0.csv"), depends_on=("Make",))
    [(code, severity, message)] = said(flow)
    assert (code, severity) == ("ST120", "warning")
    assert message.endswith("which no input of the step declares; Make.data wrote it")


def test_an_output_that_is_not_waited_for_is_an_error() -> None:
    [(code, severity, message)] = said(two_steps(call("GetObject", "data/part-0.csv")))
    assert (code, severity) == ("ST120", "error")
    assert message.endswith("Make.data wrote it, and Measure does not wait for that")


def test_an_argument_is_no_edge() -> None:
    mentioned = {"arguments": ["--data", join(PREFIX, "data")]}
    [told] = found(two_steps(call("GetObject", "data/part-0.csv"), **mentioned))
    assert (told.code, told.severity.value) == ("ST120", "error")
    assert "which an argument alone names; Make.data wrote it" in told.message
    assert told.where == "/Steps/1/Arguments/AppSpecification/ContainerArguments/1"
    waits = two_steps(call("GetObject", "data/part-0.csv"), **mentioned, depends_on=("Make",))
    assert said(waits) == []


def test_an_output_that_is_wired_may_be_read_by_whatever_client() -> None:
    flow = two_steps(call("GetObject", "data/part-0.csv"), inputs={"data": output_of("Make", "data")})
    assert said(flow) == []


def test_what_anothers_own_code_wrote_is_known_as_its() -> None:
    made = (call("PutObject", "s3://tmp/x", at=START),)
    flow = two_steps(call("GetObject", "s3://tmp/x"), made=made, depends_on=("Make",))
    assert [(told.code, told.step) for told in found(flow)] == [("ST120", "Measure"), ("ST121", "Make")]
    assert "; Make wrote it" in found(flow)[0].message


@pytest.mark.parametrize(
    ("calls", "did"),
    [
        ((call("PutObject", "s3://tmp/x"),), "wrote s3://tmp/x"),
        ((call("CompleteMultipartUpload", "s3://tmp/x"),), "wrote s3://tmp/x"),
        ((call("DeleteObject", "s3://tmp/x"),), "deleted s3://tmp/x"),
        (
            (call("DeleteObjects", "s3://tmp/a/x"), call("PutObject", "s3://tmp/a/y")),
            "wrote and deleted 2 objects beneath s3://tmp/a/",
        ),
    ],
)
def test_what_lies_in_no_output_is_written_behind_the_definition(calls: tuple[S3Call, ...], did: str) -> None:
    assert said(one_step(*calls)) == [
        ("ST121", "warning", f"Make's own code {did}, where no output of the step lies")
    ]


def test_to_write_where_an_argument_points_is_a_note() -> None:
    flow = one_step(call("PutObject", "s3://tmp/a/x"), environment={"TMP_PLACE": "s3://tmp/a"})
    [told] = found(flow)
    assert (told.code, told.severity.value) == ("ST121", "note")
    assert told.where == "/Steps/0/Arguments/Environment/TMP_PLACE"


@pytest.mark.parametrize(("told", "codes"), [("uri", []), ("name", ["ST121"])])
def test_a_function_has_no_output_and_may_write_where_its_payload_points(told: str, codes: list[str]) -> None:
    value = join(PREFIX, "rows.csv") if told == "uri" else "rows"
    function = "arn:aws:lambda:us-east-1:123456789012:function:make"
    flow = one_step(call("PutObject", "rows.csv"))
    step = {"Name": "Make", "Type": "Lambda", "FunctionArn": function, "Arguments": {told: value}}
    record = replace(flow.record, steps=tuple(replace(each, type="Lambda") for each in flow.record.steps))
    flow = replace(flow, definition=pipeline(step), record=record)
    assert [each.code for each in found(flow)] == codes


def test_to_change_what_another_step_wrote_is_an_error() -> None:
    [told] = found(two_steps(call("DeleteObject", "data/part-0.csv"), depends_on=("Make",)))
    assert (told.code, told.severity.value) == ("ST121", "error")
    assert told.message.endswith("; Make.data writes there as well")


def test_what_was_not_there_yet_was_read_too_early() -> None:
    flow = two_steps(call("GetObject", "data/part-0.csv", status=404, at=START))
    [told] = found(flow)
    assert (told.code, told.severity.value, told.where) == ("ST122", "error", "/Steps/1")
    assert "asked in vain for" in told.message
    assert told.message.endswith("before Make.data had written it; Measure does not wait for Make")


def test_what_was_there_before_was_read_too_early() -> None:
    flow = two_steps(call("GetObject", "data/part-0.csv", at=START))
    assert [(told.code, told.severity.value) for told in found(flow)] == [
        ("ST120", "error"),
        ("ST122", "error"),
    ]


def test_what_is_asked_for_once_the_writer_has_ended_is_in_time() -> None:
    late = call("HeadObject", "data/part-0.csv", status=404)
    flow = two_steps(late)
    assert said(flow) == []
    early = replace(late, first=ended(flow, "Make") - timedelta(seconds=1))
    assert [told.code for told in found(with_calls(flow, {"Measure": [early]}))] == ["ST122"]


def test_what_is_always_written_later_is_a_warning() -> None:
    definition = pipeline(
        processing("First", outputs={"report": join(PREFIX, "report")}),
        processing("Then", outputs={"data": join(PREFIX, "data")}, depends_on=("First",)),
    )
    flow = simulate(
        definition, {name: Doing({out: PART}) for name, out in (("First", "report"), ("Then", "data"))}
    )
    read = call("GetObject", "data/part-0.csv", status=404, at=START)
    [told] = found(with_calls(flow, {"First": [read]}))
    assert (told.code, told.severity.value) == ("ST122", "warning")
    assert told.message.endswith("First runs before Then")
    asked = replace(read, operation="HeadObject")
    assert said(with_calls(flow, {"First": [asked]})) == []


def test_what_an_earlier_execution_wrote_was_there_all_the_time() -> None:
    flow = two_steps(call("GetObject", "data/part-0.csv", at=START), depends_on=("Make",))
    reuse = Reuse(ReuseKind.CACHE, "arn:aws:sagemaker:us-east-1:123456789012:pipeline/p/execution/e")
    assert "ST122" in [told.code for told in found(flow)]
    steps = tuple(replace(step, reuse=reuse) if step.name == "Make" else step for step in flow.record.steps)
    flow = replace(flow, record=replace(flow.record, steps=steps))
    assert [told.code for told in found(flow)] == ["ST120"]


def test_a_refusal_tells_nothing_of_what_is_there() -> None:
    assert said(two_steps(call("GetObject", "data/part-0.csv", status=403, at=START))) == []


def test_what_an_earlier_execution_was_seen_to_do_was_judged_there() -> None:
    flow = one_step(call("GetObject", LOOKUP))
    reuse = Reuse(ReuseKind.CACHE, "arn:aws:sagemaker:us-east-1:123456789012:pipeline/p/execution/e")
    steps = tuple(replace(step, reuse=reuse) for step in flow.record.steps)
    assert said(replace(flow, record=replace(flow.record, steps=steps))) == []
