"""What steps read: nothing there, no order, a neighbour's objects, files that are no JSON."""

from __future__ import annotations

import dataclasses

import pytest

from seatrial.dataflow import Flow, judge, judge_definition
from seatrial.definition import PipelineDefinition, build_graph
from seatrial.ports.executions import StepStatus
from seatrial.ports.findings import Severity
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import (
    PREFIX,
    Json,
    join,
    json_of,
    output_of,
    pipeline,
    processing,
    register,
    training,
)
from tests.adapters.simulated_run import PREFIX as UNDER
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.dataflow.reading import codes, only

PLACE = join(PREFIX, "prep", "train")


def test_an_input_without_objects_is_an_error_at_the_input() -> None:
    definition = pipeline(training("Train", {"train": "s3://data/trian/"}))
    found = only(judge(simulate(definition, {"Train": Doing(fails="ClientError: no objects")})), "ST103")
    assert found.where == "/Steps/0/Arguments/InputDataConfig/0/DataSource/S3DataSource/S3Uri"
    assert found.expected == "objects at s3://data/trian/"


def test_an_input_that_its_upstream_left_empty_names_the_upstream() -> None:
    definition = pipeline(
        processing("Prep", outputs={"train": PLACE}), training("Train", {"train": output_of("Prep", "train")})
    )
    findings = judge(simulate(definition, {"Prep": Doing(writes={"train": {}})}))
    assert codes(findings) == ["ST101", "ST103"]
    assert only(findings, "ST103").also == "Prep.train"


def test_a_job_that_failed_before_it_could_say_what_it_read_is_looked_up_in_the_store() -> None:
    definition = pipeline(training("Train", {"train": "s3://data/trian/"}))
    flow = simulate(definition, {"Train": Doing(fails="ClientError: ")})
    (step,) = flow.record.steps
    silent = dataclasses.replace(flow.record, steps=(dataclasses.replace(step, result=None),))
    assert codes(judge(dataclasses.replace(flow, record=silent))) == ["ST103"]
    assert judge(dataclasses.replace(flow, record=silent, list_objects=None)) == []


def test_so_is_one_that_reads_what_an_upstream_step_left_empty() -> None:
    definition = pipeline(
        processing("Prep", outputs={"train": PLACE}), training("Train", {"train": output_of("Prep", "train")})
    )
    ended = {"Prep": Doing(writes={"train": {}}), "Train": Doing(fails="ClientError: ")}
    flow = simulate(definition, ended)
    prep, train = flow.record.steps
    silent = dataclasses.replace(flow.record, steps=(prep, dataclasses.replace(train, result=None)))
    found = only(judge(dataclasses.replace(flow, record=silent)), "ST103")
    assert found.also == "Prep.train"


def reading(**place: Json) -> PipelineDefinition:
    return pipeline(
        processing("Prep", outputs={"train": PLACE}), processing("Use", **place), prefix_default="s3://x/y"
    )


@pytest.mark.parametrize(
    ("location", "severity"),
    [
        (PLACE, Severity.ERROR),
        ("s3://x/y/prep/train", Severity.ERROR),
        ("s3://x/y/prep/train/", Severity.ERROR),
        ("s3://x/y/prep/train/part-0.csv", Severity.ERROR),
        ("s3://x/y/prep", Severity.WARNING),
        (PREFIX, Severity.WARNING),
    ],
)
def test_a_location_that_another_step_writes_needs_an_edge(location: Json, severity: Severity) -> None:
    found = only(judge_definition(reading(inputs={"in": location})), "ST109")
    assert found.severity is severity
    assert found.where == "/Steps/1/Arguments/ProcessingInputs/0/S3Input/S3Uri"
    assert found.also == "/Steps/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri"
    assert "does not wait for Prep" in found.message
    assert "DependsOn" in str(found.expected)


@pytest.mark.parametrize(
    "place",
    [
        {"arguments": ["--train", PLACE]},
        {"environment": {"TRAIN": "s3://x/y/prep/train/a.csv"}},
    ],
)
def test_a_location_in_an_argument_or_variable_is_a_warning(place: dict[str, Json]) -> None:
    assert only(judge_definition(reading(**place)), "ST109").severity is Severity.WARNING


@pytest.mark.parametrize(
    "place",
    [
        {"inputs": {"in": "s3://x/y/prep/train-raw"}},
        {"inputs": {"in": "s3://other/prep/train"}},
        {"arguments": ["--base", PREFIX]},
        {"arguments": ["--rounds", "3"], "environment": {"A": ""}},
    ],
)
def test_other_locations_are_no_business_of_ours(place: dict[str, Json]) -> None:
    assert judge_definition(reading(**place)) == []


def test_reading_what_a_later_step_writes_is_said_as_such() -> None:
    definition = pipeline(
        processing("First", {"in": PLACE}, {"out": join(PREFIX, "first")}),
        processing("Prep", outputs={"train": PLACE}, depends_on=("First",)),
    )
    assert "First names the place of Prep.train in 'in' and runs before Prep" in (
        only(judge_definition(definition), "ST109").message
    )


def test_a_literal_model_location_is_found_wherever_it_stands() -> None:
    definition = pipeline(
        processing("Pack", outputs={"model": join(PREFIX, "pack")}),
        register("Register", join(PREFIX, "pack", "model.tar.gz")),
    )
    found = only(judge_definition(definition), "ST109")
    assert found.where == "/Steps/1/Arguments/InferenceSpecification/Containers/0/ModelDataUrl"


def test_a_neighbour_whose_name_begins_alike_is_read_along() -> None:
    definition = pipeline(
        processing("Raw", outputs={"raw": join(PREFIX, "train_raw")}),
        processing("Prep", outputs={"train": join(PREFIX, "train")}, depends_on=("Raw",)),
        training("Train", {"train": output_of("Prep", "train")}, depends_on=("Raw",)),
    )
    found = only(judge(simulate(definition)), "ST113")
    assert (found.step, found.also) == ("Train", "Raw.raw")


def evaluated(*readers: dict[str, Json]) -> PipelineDefinition:
    return pipeline(
        processing(
            "Evaluate",
            outputs={"report": join(PREFIX, "report")},
            property_files={"Report": ("report", "deep/report.json")},
        ),
        *readers,
    )


def test_a_property_file_that_was_not_written_is_an_error_for_its_readers() -> None:
    reader = processing("Use", arguments=["--auc", json_of("Evaluate", "Report", "auc")])
    flow = simulate(evaluated(), {"Evaluate": Doing(writes={"report": {"metrics.json": b"{}"}})})
    assert only(judge(flow), "ST110").severity is Severity.WARNING
    with_reader = evaluated(reader)
    flow = dataclasses.replace(flow, definition=with_reader, graph=build_graph(with_reader))
    found = only(judge(flow), "ST110")
    assert found.severity is Severity.ERROR
    assert (found.where, found.also) == ("/Steps/0/PropertyFiles/0/FilePath", "Use")
    assert found.observed == "metrics.json"


@pytest.mark.parametrize("content", [b"{'auc': 1}", b"", b'{"auc": NaN}', b"\xff\xfe"])
def test_a_property_file_that_is_not_json_is_an_error(content: bytes) -> None:
    doing = {"Evaluate": Doing(writes={"report": {"deep/report.json": content}})}
    flow = simulate(evaluated(), doing)
    assert "ST111" in codes(judge(flow))
    assert "ST111" not in codes(judge(dataclasses.replace(flow, read=None)))


def test_a_property_file_that_vanished_since_is_said() -> None:
    store = MemoryStore()
    flow = simulate(evaluated(), store=store)
    store.delete([S3Uri.parse(f"{flow.record.prefix}/report/deep/report.json")])
    assert "gone" in only(judge(flow), "ST116").message


def silenced(definition: PipelineDefinition, name: str, store: MemoryStore | None = None) -> Flow:
    """A run whose step of that name failed before it could say what it found."""
    flow = simulate(definition, {name: Doing(fails="ClientError: no objects")}, store=store)
    steps = tuple(
        dataclasses.replace(step, result=None) if step.name == name else step for step in flow.record.steps
    )
    return dataclasses.replace(flow, record=dataclasses.replace(flow.record, steps=steps))


@pytest.mark.parametrize(("file", "found"), [("part-0.csv", []), ("part-1.csv", ["ST103"])])
def test_a_file_of_an_output_that_was_not_written_is_absent_also_where_it_is_referred_to(
    file: str, found: list[str]
) -> None:
    definition = pipeline(
        processing("Prep", outputs={"train": join(PREFIX, "train")}),
        training("Train", {"train": join(output_of("Prep", "train"), file)}),
    )
    told = judge(silenced(definition, "Train"))
    assert codes(told) == found
    assert all(each.expected == f"objects at {UNDER}/train/{file}" for each in told)


@pytest.mark.parametrize(("file", "found"), [("a.json", []), ("b.json", ["ST103"]), ("a", ["ST103"])])
def test_a_json_file_that_a_step_asks_and_that_is_not_there_is_absent(file: str, found: list[str]) -> None:
    value = {"Std:JsonGet": {"S3Uri": f"s3://data/{file}", "Path": "x"}}
    store = MemoryStore()
    store.write(S3Uri.parse("s3://data/a.json"), b'{"x": 1}')
    definition = pipeline(training("Train"), processing("Use", environment={"X": value}))
    flow = simulate(pipeline(training("Train")), store=store)
    (train,) = flow.record.steps
    use = dataclasses.replace(train, name="Use", status=StepStatus.FAILED, result=None)
    record = dataclasses.replace(flow.record, steps=(train, use))
    asked = dataclasses.replace(flow, definition=definition, graph=build_graph(definition), record=record)
    assert codes(judge(asked)) == found
