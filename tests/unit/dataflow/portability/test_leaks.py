"""The first prefix in the second run: each place where it may turn up, and where it is none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from seatrial.definition import PipelineDefinition
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.observation import Observation, S3Call
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import (
    PREFIX,
    Json,
    join,
    json_of,
    model_of,
    output_of,
    pipeline,
    processing,
    register,
    training,
)
from tests.adapters.simulated_run import Doing
from tests.unit.dataflow.portability.runs import (
    FIRST,
    SECOND,
    held,
    one_step,
    runs,
    voyage,
    with_result,
    writing,
)
from tests.unit.dataflow.reading import only

NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)


def leaks(definition: PipelineDefinition) -> tuple[Finding, ...]:
    return held(*runs(definition)).findings


def test_a_pipeline_that_follows_its_prefix_leaks_nothing() -> None:
    definition = pipeline(
        processing(
            "Prep",
            outputs={"train": join(PREFIX, "train")},
            environment={"OUT": join(PREFIX, "metrics")},
            arguments=["--place", PREFIX],
        ),
        training("Train", {"train": output_of("Prep", "train")}),
        register("Register", model_of("Train")),
    )
    assert leaks(definition) == ()


@pytest.mark.parametrize(
    ("definition", "where"),
    [
        (one_step({"OUT": f"{FIRST}/metrics"}), "/Steps/0/Arguments/Environment/OUT"),
        (
            pipeline(processing("Write", arguments=["--out", join(FIRST, "x")])),
            "/Steps/0/Arguments/AppSpecification/ContainerArguments/1",
        ),
        (
            pipeline(training("Train", hyperparameters={"out": f'"{FIRST}/x"'})),
            "/Steps/0/Arguments/HyperParameters/out",
        ),
        (
            pipeline(processing("Write", script=f"open('{FIRST}/x')")),
            "/Steps/0/Arguments/AppSpecification/ContainerEntrypoint/2",
        ),
        (
            pipeline(register("Register", f"{FIRST}/model.tar.gz")),
            "/Steps/0/Arguments/InferenceSpecification/Containers/0/ModelDataUrl",
        ),
    ],
)
def test_text_in_the_definition_is_found_where_it_stands(definition: PipelineDefinition, where: str) -> None:
    found = only(leaks(definition), "ST142")
    assert found.where == where
    assert found.severity is Severity.ERROR
    assert "names the first prefix" in found.message
    assert FIRST in str(found.observed)


def test_an_output_that_stays_behind_is_left_to_the_codes_that_say_so() -> None:
    definition = pipeline(processing("Write", outputs={"out": f"{FIRST}/out"}))
    assert leaks(definition) == ()


def test_what_an_earlier_step_gave_is_found_in_the_job_that_was_given_it() -> None:
    file = ("report", "report.json")
    definition = pipeline(
        processing("Eval", outputs={"report": join(PREFIX, "report")}, property_files={"Report": file}),
        processing("Deploy", environment={"MODEL": json_of("Eval", "Report", "model")}),
    )

    def doing(prefix: str) -> dict[str, Doing]:
        model = json.dumps({"model": f"{FIRST}/model"}).encode()
        return {"Eval": Doing(writes={"report": {"report.json": model}})}

    found = held(*runs(definition, doing)).findings
    assert [each.where for each in found] == [
        "/Steps/1/Arguments/Environment/MODEL",
        f"{SECOND}/report/report.json",
    ]


@pytest.mark.parametrize(
    ("place", "whose"),
    [
        ("s3://seatrial/abc123def456/deep/er/b/x", "the first run's bucket with the second's key"),
        ("s3://seatrial-elsewhere/portability/abc123def456/a/x", "the second run's bucket with the first's"),
        ("portability/abc123def456/a", "the first prefix"),
    ],
)
def test_half_a_prefix_is_one_as_well(place: str, whose: str) -> None:
    assert whose in only(leaks(one_step({"OUT": place})), "ST142").message


def test_another_place_in_the_first_bucket_is_nobodys() -> None:
    assert leaks(one_step({"LOOKUP": "s3://seatrial/lookup/table.csv"})) == ()


def test_the_prefixs_default_counts_in_arguments_and_variables() -> None:
    default = "s3://team/run"
    frozen = one_step({"OUT": f"{default}/metrics"}, prefix_default=default)
    found = only(leaks(frozen), "ST142")
    assert found.where == "/Steps/0/Arguments/Environment/OUT"
    assert "the default of EXECUTION_S3_PREFIX" in found.message


def test_data_that_is_expected_beneath_the_default_is_no_leak() -> None:
    raw = "s3://team/run/raw/"
    store = MemoryStore()
    store.write(S3Uri.parse(f"{raw}x.csv"), b"1")
    definition = pipeline(
        processing(
            "Write",
            {"raw": raw},
            {"out": join(PREFIX, "out")},
            environment={"SOURCE": f"{raw}x.csv"},
        ),
        prefix_default="s3://team/run",
    )
    doing = writing("from.json", lambda prefix: json.dumps({"source": f"{raw}x.csv"}).encode())
    assert held(*runs(definition, doing, store=store)).findings == ()


def test_an_input_that_lies_in_the_first_prefix_is_named_with_its_writer() -> None:
    definition = pipeline(
        processing("Write", outputs={"out": join(PREFIX, "out")}),
        processing("Read", {"table": f"{FIRST}/out"}, depends_on=("Write",)),
    )
    found = only(leaks(definition), "ST142")
    assert found.where == "/Steps/1/Arguments/ProcessingInputs/0/S3Input/S3Uri"
    assert found.also == f"{FIRST}/out/part-0.csv"
    assert "1 object of the first prefix as its input 'table', which Write of the first run wrote" in (
        found.message
    )


def test_a_file_that_names_it_is_found_with_the_place_in_it() -> None:
    document = json.dumps({"data": {"uri": f"{FIRST}/out/x.csv"}}).encode()
    found = only(held(*runs(one_step(), writing("a.json", lambda prefix: document))).findings, "ST142")
    assert found.where == f"{SECOND}/out/a.json"
    assert found.message == "output 'out' of Write names the first prefix in a.json"
    assert found.observed == f"a.json at /data/uri: {FIRST}/out/x.csv"


def test_a_file_that_names_its_own_place_is_no_leak_and_no_difference() -> None:
    both = runs(one_step(), writing("a.json", lambda prefix: json.dumps({"at": prefix}).encode()))
    seen = held(*both)
    assert seen.findings == ()
    assert [each.key for each in seen.files.excepted] == ["a.json"]


def test_many_files_are_one_finding() -> None:
    def doing(prefix: str) -> dict[str, Doing]:
        return {"Write": Doing(writes={"out": {f"{n}.txt": FIRST.encode() for n in range(5)}})}

    found = only(held(*runs(one_step(), doing)).findings, "ST142")
    assert "in 0.txt and 4 other files" in found.message
    assert str(found.observed).endswith("(and 2 more)")


def test_code_that_names_it_is_a_warning() -> None:
    store = MemoryStore()
    store.write(S3Uri.parse("s3://code/run.py"), f"BASE = '{FIRST}'\n".encode())
    definition = pipeline(processing("Write", {"code": "s3://code/run.py"}, {"out": join(PREFIX, "out")}))
    found = only(held(*runs(definition, store=store)).findings, "ST142")
    assert found.severity is Severity.WARNING
    assert found.observed == f"run.py in line 1: BASE = '{FIRST}'"


def call(place: str, operation: str = "GetObject") -> S3Call:
    uri = S3Uri.parse(place)
    return S3Call(operation, uri.bucket, uri.key, 200, NOW, NOW)


def test_calls_of_its_code_to_the_first_prefix_are_found() -> None:
    first, second = runs(one_step())
    seen = Observation(calls=(call(f"{FIRST}/x"), call(f"{FIRST}/x"), call(f"{SECOND}/x"), call(f"{FIRST}2")))
    second = with_result(second, "Write", lambda result: replace(result, observation=seen))
    found = only(held(first, second).findings, "ST142")
    assert found.where == f"{FIRST}/x"
    assert found.message == "the code of Write asked S3 for GetObject in the first prefix"


def test_what_was_not_observed_is_not_judged() -> None:
    first, second = runs(one_step())
    unseen = Observation(calls_unseen="no trace of the store")
    second = with_result(second, "Write", lambda result: replace(result, observation=unseen))
    assert held(first, second).findings == ()


def test_a_log_that_names_it_is_a_note_where_nothing_else_is_said_of_the_step() -> None:
    log = f"writing to {FIRST}/x\n".encode()
    first, second = runs(one_step())
    found = only(held(first, voyage(second.flow, log=log)).findings, "ST142")
    assert (found.severity, found.where) == (Severity.NOTE, "/Steps/0")
    first, second = runs(one_step({"OUT": FIRST}))
    assert len(held(first, voyage(second.flow, log=log)).findings) == 1


def test_what_is_too_large_is_not_searched_and_told() -> None:
    first, second = runs(one_step(), writing("x.txt", lambda prefix: FIRST.encode()))

    def huge(result: Json) -> Json:
        outputs = tuple(
            replace(o, objects=tuple(replace(s, size=10**9) for s in o.objects)) for o in result.outputs
        )
        return replace(result, outputs=outputs)

    seen = held(first, with_result(second, "Write", huge))
    assert seen.findings == ()
    assert seen.unsearched == (f"{SECOND}/out/x.txt",)
