"""What a step left in its outputs: nothing, or what was not its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seatrial.dataflow import Flow, judge
from seatrial.definition import PipelineDefinition
from seatrial.ports.contents import Archive, Contents, Profile
from seatrial.ports.findings import Severity
from seatrial.ports.jobs import LostFile
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import (
    PREFIX,
    join,
    model_of,
    output_of,
    pipeline,
    processing,
    register,
    training,
)
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.dataflow.reading import codes, only


def two_steps() -> PipelineDefinition:
    return pipeline(
        processing(
            "Prep", outputs={"train": join(PREFIX, "prep", "train"), "extra": join(PREFIX, "prep", "extra")}
        ),
        training("Train", {"train": output_of("Prep", "train")}),
    )


def test_an_empty_output_that_a_step_reads_is_an_error_with_both_ends() -> None:
    found = only(judge(simulate(two_steps(), {"Prep": Doing(writes={"train": {}})})), "ST101")
    assert found.severity is Severity.ERROR
    assert found.where == "/Steps/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri"
    assert found.also == "Train"
    assert found.expected == "files in /opt/ml/processing/train"
    assert "container path" in found.hint


def test_an_empty_output_that_nobody_reads_is_a_warning() -> None:
    findings = judge(simulate(two_steps(), {"Prep": Doing(writes={"extra": {}})}))
    assert codes(findings) == ["ST101"]
    assert findings[0].severity is Severity.WARNING


def test_an_output_of_empty_files_is_empty() -> None:
    flow = simulate(two_steps(), {"Prep": Doing(writes={"train": {"a.csv": b"", "b.csv": b""}})})
    assert "2 files of 0 bytes" in only(judge(flow), "ST101").message


def test_a_marker_file_beside_data_is_no_fault() -> None:
    flow = simulate(two_steps(), {"Prep": Doing(writes={"train": {"_SUCCESS": b"", "a.csv": b"1"}})})
    assert judge(flow) == []


def test_an_output_without_a_trace_is_missing() -> None:
    assert "ST102" in codes(judge(simulate(two_steps(), {"Prep": Doing(forgets=("extra",))})))


def test_the_outputs_of_a_failed_step_are_not_held_against_it() -> None:
    flow = simulate(two_steps(), {"Prep": Doing(writes={"train": {}, "extra": {}}, fails="AlgorithmError: ")})
    assert judge(flow) == []


@pytest.mark.parametrize(("registered", "severity"), [(True, Severity.ERROR), (False, Severity.NOTE)])
def test_an_empty_model_weighs_as_much_as_its_use(*, registered: bool, severity: Severity) -> None:
    steps = [training("Train")]
    if registered:
        steps.append(register("Register", model_of("Train")))
    found = only(judge(simulate(pipeline(*steps), {"Train": Doing(writes={"model": {}})})), "ST101")
    assert found.severity is severity


def test_objects_of_an_earlier_run_are_a_warning_naming_them() -> None:
    store = MemoryStore()
    store.write(S3Uri.parse("s3://seatrial/fixed/prep/extra/old.csv"), b"old")
    found = only(judge(simulate(two_steps(), store=store, prefix="s3://seatrial/fixed")), "ST108")
    assert found.severity is Severity.WARNING
    assert found.observed == "fixed/prep/extra/old.csv"


def test_objects_of_an_earlier_run_that_a_step_reads_are_an_error() -> None:
    store = MemoryStore()
    store.write(S3Uri.parse("s3://seatrial/fixed/prep/train/old.csv"), b"old")
    found = only(judge(simulate(two_steps(), store=store, prefix="s3://seatrial/fixed")), "ST108")
    assert found.severity is Severity.ERROR
    assert found.also == "Train"


def test_a_run_that_overwrites_exactly_what_was_there_found_nothing_foreign() -> None:
    store = MemoryStore()
    simulate(two_steps(), store=store, prefix="s3://seatrial/fixed")
    assert judge(simulate(two_steps(), store=store, prefix="s3://seatrial/fixed")) == []


def test_what_another_step_of_this_execution_wrote_is_a_collision_and_not_foreign() -> None:
    place = join(PREFIX, "shared")
    flow = simulate(
        pipeline(
            processing("One", outputs={"a": place}),
            processing("Two", outputs={"b": place}, depends_on=("One",)),
        ),
        {"Two": Doing(writes={"b": {"other.csv": b"2"}})},
    )
    assert codes(judge(flow)) == ["ST106"]


def test_data_outside_every_output_is_lost_data() -> None:
    lost = ("/opt/ml/processing/report/index.html", "/root/model.pkl", "/results.csv")
    found = only(judge(simulate(two_steps(), {"Prep": Doing(lost=lost)})), "ST112")
    assert found.severity is Severity.WARNING
    assert found.where == "/Steps/0"
    assert all(path in str(found.observed) for path in lost)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/tool.conf",
        "/usr/src/module.c",
        "/opt/conda/history.txt",
        "/opt/venv/pyvenv.cfg",
        "/miniconda3/history.txt",
        "/opt/ml/processing/venv/lib/python3.11/site-packages/x.py",
        "/data/cache.lock",
        "/root/.tool/settings.json",
        "/opt/ml/input/data/train/index.csv",
    ],
)
def test_what_programs_leave_behind_is_not_data(path: str) -> None:
    assert judge(simulate(two_steps(), {"Prep": Doing(lost=(path,))})) == []


@pytest.mark.parametrize(
    ("lost", "codes_found"),
    [
        ("/opt/ml/processing/model/code/inference.py", []),  # where the archive lies
        ("/code/inference.py", []),  # where the script runs
        ("/opt/ml/processing/model/model.joblib", []),
        ("/opt/ml/processing/model/other/code.py", ["ST112"]),
        ("/opt/ml/processing/model/inference.py", ["ST112"]),  # no member of this path
    ],
)
def test_what_was_unpacked_from_an_input_is_not_lost(lost: str, codes_found: list[str]) -> None:
    assert codes(judge(_unpacking(lost, sizes=(7, 7)))) == codes_found


def test_what_was_unpacked_and_then_changed_is_lost() -> None:
    flow = _unpacking("/opt/ml/processing/model/model.joblib", sizes=(5, 7))
    step = flow.record.steps[0]
    assert step.result is not None
    for size, expected in ((7, []), (8, ["ST112"])):
        lost = (LostFile("/opt/ml/processing/model/model.joblib", size),)
        steps = (replace(step, result=replace(step.result, lost_files=lost)),)
        assert codes(judge(replace(flow, record=replace(flow.record, steps=steps)))) == expected


def _unpacking(lost: str, sizes: tuple[int, int]) -> Flow:
    definition = pipeline(
        processing("Score", {"model": "s3://data/model.tar.gz"}, {"out": join(PREFIX, "a")})
    )
    store = MemoryStore()
    store.write(S3Uri.parse("s3://data/model.tar.gz"), b"x")
    archive = Archive("model.tar.gz", ("code/inference.py", "model.joblib"), sizes)
    contents = Contents(inputs={("Score", "model"): Profile(archives=(archive,))})
    return replace(simulate(definition, {"Score": Doing(lost=(lost,))}, store=store), contents=contents)


def test_sources_unpacked_beside_the_script_are_not_data() -> None:
    definition = pipeline(processing("Prep", {"code": "s3://data/code/"}, {"train": join(PREFIX, "a")}))
    store = MemoryStore()
    store.write(S3Uri.parse("s3://data/code/run.py"), b"x")
    flow = simulate(definition, {"Prep": Doing(lost=("/opt/ml/processing/input/code/lib.py",))}, store=store)
    assert judge(flow) == []
