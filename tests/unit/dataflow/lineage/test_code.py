"""The code of a step, told apart by what it holds and by nothing else."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from dataclasses import replace

from seatrial.dataflow import Flow, lineage_of
from seatrial.dataflow.lineage import LineageStep
from seatrial.definition import PipelineDefinition
from seatrial.errors import StorageError
from seatrial.ports.jobs import JobResult
from seatrial.ports.storage import S3Uri, StoredObject
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing, training
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.test_clean_pipelines import CODE, SOURCES

RUN = S3Uri.parse(CODE)
PACKED = S3Uri.parse(SOURCES.strip('"'))


def definition(argument: str = "1") -> PipelineDefinition:
    return pipeline(
        processing("Prep", {"code": CODE}, {"out": join(PREFIX, "out")}, arguments=["--n", argument]),
        training("Train", hyperparameters={"sagemaker_submit_directory": SOURCES, "depth": "3"}),
    )


def packed(name: str = "train.py", content: bytes = b"fit()", moment: int = 0) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size, member.mtime = len(content), moment
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def ran(script: bytes = b"print()", archive: bytes | None = None, argument: str = "1") -> Flow:
    store = MemoryStore()
    store.write(RUN, script)
    store.write(PACKED, archive or packed())
    return simulate(definition(argument), store=store)


def step(flow: Flow, name: str = "Prep") -> LineageStep:
    found = lineage_of(flow).step(name)
    assert found is not None
    return found


def test_a_changed_script_changes_its_digest_and_nothing_else() -> None:
    one, other = ran(b"print(1)"), ran(b"print(2)")
    before, after = step(one).code[0], step(other).code[0]
    assert before.uri == after.uri == CODE
    assert before.sha256 != after.sha256
    assert step(one).settings_sha256 == step(other).settings_sha256
    assert step(one).code[1] == step(other).code[1]
    assert step(one, "Train") == step(other, "Train")


def test_code_that_was_packed_again_is_another_object_with_the_same_content() -> None:
    one, other = step(ran(), "Train"), step(ran(archive=packed(moment=1_000_000)), "Train")
    assert one.code[0].sha256 != other.code[0].sha256
    assert one.code[0].content_sha256 == other.code[0].content_sha256
    assert [file.name for file in one.code[0].files] == ["train.py"]


def test_a_renamed_file_is_other_content() -> None:
    one, other = step(ran(), "Train"), step(ran(archive=packed("fit.py")), "Train")
    assert one.code[0].content_sha256 != other.code[0].content_sha256


def test_a_command_of_the_definition_is_code_as_well() -> None:
    command = step(ran()).code[1]
    assert (command.name, command.command, command.uri) == (
        "ContainerEntrypoint",
        ("python3", "run.py"),
        None,
    )
    assert command.sha256


def test_another_argument_is_another_setting_and_the_same_code() -> None:
    one, other = step(ran()), step(ran(argument="2"))
    assert one.code == other.code
    assert one.settings_sha256 != other.settings_sha256


def test_the_place_of_the_code_is_no_setting() -> None:
    flow = ran()
    elsewhere = pipeline(
        training("Train", hyperparameters={"sagemaker_submit_directory": '"s3://b/x.tar.gz"', "depth": "3"})
    )
    assert step(flow, "Train").settings_sha256 == step(simulate(elsewhere), "Train").settings_sha256


def test_an_execution_has_the_settings_of_another_whose_prefix_is_not_its_own() -> None:
    place = pipeline(processing("Prep", arguments=["--out", join(PREFIX, "x")]))
    one, other = simulate(place), simulate(place, prefix="s3://elsewhere/p")
    assert step(one).settings_sha256 == step(other).settings_sha256


def test_code_that_was_overwritten_has_no_digest_and_says_why() -> None:
    flow, later = ran(b"print(1)"), ran(b"print(2)")
    code = step(replace(flow, list_objects=later.list_objects, read=later.read)).code[0]
    assert (code.sha256, code.note) == (None, "overwritten since the step read it")
    assert code.etag


def test_without_a_store_the_code_is_named_without_a_digest() -> None:
    flow = replace(ran(), list_objects=None, read=None)
    assert [code.note for code in step(flow).code] == ["the store does not answer", None]
    assert step(flow, "Train").code[0].note == "the store does not answer"


def test_a_store_that_fails_costs_the_digests_and_not_the_lineage() -> None:
    def lost(_: S3Uri) -> list[StoredObject]:
        raise StorageError("the store is gone", slug="gone")

    assert step(replace(ran(), list_objects=lost)).code[0].note == "the store does not answer"


def test_code_that_is_gone_says_so() -> None:
    gone = MemoryStore()
    code = step(replace(ran(), list_objects=gone.list_objects, read=gone.read)).code[0]
    assert code.note == "no longer in the store"


def test_the_function_of_a_lambda_step_is_code_with_the_digest_of_its_zip() -> None:
    flow = ran()
    digest = base64.b64encode(hashlib.sha256(b"zip").digest()).decode()
    called = JobResult(
        {"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:score", "CodeSha256": digest}
    )
    first, *rest = flow.record.steps
    steps = (replace(first, type="Lambda", result=called, properties={}), *rest)
    told = step(replace(flow, record=replace(flow.record, steps=steps)))
    assert [(code.name[-5:], code.sha256) for code in told.code if not code.uri] == [
        ("score", hashlib.sha256(b"zip").hexdigest())
    ]
