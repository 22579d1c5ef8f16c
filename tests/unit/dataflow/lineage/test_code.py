"""The code of a step, told apart by what it holds and by nothing else."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import lzma
import os
import tarfile
import zipfile
from dataclasses import replace

import pytest

from seatrial.dataflow import Flow, lineage_of
from seatrial.dataflow.lineage import LineageStep
from seatrial.definition import PipelineDefinition
from seatrial.errors import StorageError
from seatrial.ports.executions import Reuse, ReuseKind
from seatrial.ports.jobs import JobResult
from seatrial.ports.storage import S3Uri, StoredObject
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, model_of, pipeline, processing, training
from tests.adapters.simulated_run import EXECUTION_ID, simulate
from tests.adapters.simulated_run import PREFIX as RUN_PREFIX
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


def test_an_archive_that_breaks_off_is_told_by_the_digest_of_the_object_alone() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name in ("a.py", "b.py"):
            member = tarfile.TarInfo(name)
            member.size = 40_000
            archive.addfile(member, io.BytesIO(os.urandom(member.size)))
    whole = buffer.getvalue()
    (code,) = step(ran(archive=whole[:60_000]), "Train").code
    assert (code.sha256, code.content_sha256, code.files) == (
        hashlib.sha256(whole[:60_000]).hexdigest(),
        None,
        (),
    )


@pytest.mark.parametrize("form", ["gz", "zip", "xz"])
def test_an_archive_that_was_damaged_ends_no_lineage(form: str) -> None:
    for damaged in range(20, 400, 9):
        archive = bytearray(_archive(form))
        archive[damaged] ^= 0xFF
        (code,) = step(ran(archive=bytes(archive)), "Train").code
        assert code.sha256 == hashlib.sha256(archive).hexdigest()


def _archive(form: str) -> bytes:
    buffer, content = io.BytesIO(), b"".join(b"line %d\n" % number for number in range(400))
    if form == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr("train.py", content)
        return buffer.getvalue()
    pressed = gzip.compress if form == "gz" else lzma.compress
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo("train.py")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return pressed(buffer.getvalue())


def test_a_reused_step_has_the_settings_that_it_had_where_it_ran() -> None:
    place = pipeline(processing("Prep", arguments=["--out", join(PREFIX, "x")]))
    own, source = simulate(place), "0123earlier0"
    reused = simulate(place, prefix=RUN_PREFIX.replace(EXECUTION_ID, source))
    arn = f"arn:aws:sagemaker:us-east-1:123456789012:pipeline/cancer/execution/{source}"
    (old,) = reused.record.steps
    record = replace(own.record, steps=(replace(old, reuse=Reuse(ReuseKind.CACHE, arn)),))
    assert step(replace(own, record=record)).settings_sha256 == step(own).settings_sha256


def test_the_name_of_an_earlier_steps_job_is_no_setting() -> None:
    """A model's location is made of its job's name, which is another in every execution."""
    definition = pipeline(
        training("Train", {"train": "s3://cancer/raw/"}, join(PREFIX, "model")),
        processing("Use", arguments=["--model", model_of("Train")]),
    )

    def settings(job: str) -> str | None:
        flow = simulate(definition)
        steps = tuple(
            replace(
                each,
                properties=json.loads(json.dumps(each.properties).replace("job-Train", job)),
                job_name=job if each.name == "Train" else None,
            )
            for each in flow.record.steps
        )
        return step(replace(flow, record=replace(flow.record, steps=steps)), "Use").settings_sha256

    names = [f"pipelines-{EXECUTION_ID}-Train-{random}" for random in ("aaaa", "bbbb")]
    assert settings(names[0]) == settings(names[1])
