"""ST127: inputs wired to outputs that are unlikely meant, by their names, kinds and contents."""

from __future__ import annotations

import pytest

from seatrial.dataflow import judge, judge_definition
from seatrial.dataflow.roles_of_data import role_of
from seatrial.definition import PipelineDefinition
from seatrial.ports.findings import Severity
from tests.adapters.pipelines import PREFIX, Json, join, model_of, output_of, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.dataflow.reading import only

OUTPUTS = ("train", "validation", "test")


def wired(channels: dict[str, str], *outputs: str, **channel: Json) -> PipelineDefinition:
    """Prep's outputs, and a training job whose channels refer to them."""
    train = training("Train", {name: output_of("Prep", output) for name, output in channels.items()})
    for entry in train["Arguments"]["InputDataConfig"]:
        entry.update(channel)
    return pipeline(
        processing("Prep", outputs={name: join(PREFIX, name) for name in outputs or OUTPUTS}), train
    )


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("train", "train"),
        ("Training", "train"),
        ("val", "validation"),
        ("large.validation", "validation"),
        ("test_data", "test"),
        ("holdout", "test"),
        ("training-set", "train"),
        ("model", "model"),
        ("trained", None),
        ("latest", None),
        ("contest", None),
        ("data", None),
    ],
)
def test_a_role_is_said_by_a_whole_name(name: str, role: str | None) -> None:
    assert role_of(name) == role


@pytest.mark.parametrize(
    ("channel", "output"), [("validation", "train"), ("train", "test"), ("test", "validation")]
)
def test_a_channel_fed_with_another_channels_data_is_a_warning(channel: str, output: str) -> None:
    found = only(judge_definition(wired({channel: output})), "ST127")
    assert (found.severity, found.step) == (Severity.WARNING, "Train")
    assert found.where == "/Steps/1/Arguments/InputDataConfig/0/DataSource/S3DataSource/S3Uri"
    assert f"input {channel!r} of Train is wired to Prep.{output}" in found.message
    assert f"an output {channel!r} as well" in found.message


def test_another_word_for_the_same_counts() -> None:
    found = only(judge_definition(wired({"validation": "training"}, "training", "val")), "ST127")
    assert "an output 'val' as well" in found.message


@pytest.mark.parametrize(
    ("channels", "outputs"),
    [
        ({"train": "train", "validation": "validation"}, OUTPUTS),
        ({"validation": "val", "train": "training"}, ("val", "training")),
        ({"validation": "test"}, ("train", "test")),
        ({"train": "processed"}, ("processed", "train")),
        ({"data": "train", "labels": "test"}, OUTPUTS),
        ({"data": "features"}, ("features", "data")),
    ],
    ids=["its own", "synonyms", "no other", "no word of the few", "no role", "another word"],
)
def test_names_that_fit_or_say_nothing_are_well(channels: dict[str, str], outputs: tuple[str, ...]) -> None:
    assert judge_definition(wired(channels, *outputs)) == []


def test_other_names_are_a_note_where_two_are_swapped() -> None:
    found = judge_definition(wired({"left": "right", "right": "left"}, "left", "right"))
    assert [(each.code, each.severity) for each in found] == [("ST127", Severity.NOTE)] * 2


def test_data_that_is_a_model_is_a_warning() -> None:
    found = only(
        judge_definition(pipeline(training("One"), training("Two", {"train": model_of("One")}))), "ST127"
    )
    assert "input 'train' of Two is data, and One.model is a model" in found.message


@pytest.mark.parametrize("channel", ["model", "pretrained", "checkpoint"])
def test_a_channel_for_a_model_may_have_one(channel: str) -> None:
    definition = pipeline(training("One"), training("Two", {channel: model_of("One")}))
    assert judge_definition(definition) == []


def test_the_step_that_repacks_a_model_calls_it_training() -> None:
    program = {"sagemaker_program": '"_repack_script_launcher.sh"'}
    repack = training("M-RepackModel-0", {"training": model_of("One")}, hyperparameters=program)
    assert judge_definition(pipeline(training("One"), repack)) == []


def test_a_model_that_is_data_is_a_warning() -> None:
    definition = pipeline(
        processing("Prep", outputs={"train": join(PREFIX, "train")}),
        processing("Score", {"model": output_of("Prep", "train")}),
    )
    assert "is a model, and Prep.train is data" in only(judge_definition(definition), "ST127").message


@pytest.mark.parametrize(
    ("said", "file", "found"),
    [
        ("text/csv", "part-0.parquet", True),
        ("text/csv; label_size=0", "part-0.jsonl.gz", True),
        ("application/x-parquet", "rows.csv", True),
        ("application/jsonlines", "rows.json", False),
        ("application/x-recordio-protobuf", "rows.csv", True),
        ("text/csv", "part-0.csv.gz", False),
        ("text/csv", "part-0", False),
        ("text/csv", "rows.txt", False),
        ("text/x-libsvm", "rows.csv", True),
        ("application/x-image", "rows.csv", False),
        ("", "part-0.parquet", False),
    ],
)
def test_files_of_another_type_than_the_channel_says_are_a_warning(
    said: str, file: str, *, found: bool
) -> None:
    flow = simulate(
        wired({"train": "train"}, "train", ContentType=said), {"Prep": Doing({"train": {file: b"x"}})}
    )
    told = judge(flow)
    assert [each.code for each in told] == (["ST127"] if found else [])
    if found:
        assert (told[0].also, told[0].severity) == ("Prep.train", Severity.WARNING)


def test_files_of_several_types_are_nobodys_business() -> None:
    files = {"part-0.parquet": b"x", "README.md": b"y"}
    flow = simulate(
        wired({"train": "train"}, "train", ContentType="text/csv"), {"Prep": Doing({"train": files})}
    )
    assert judge(flow) == []


def test_training_and_validation_data_that_are_the_same_are_a_warning() -> None:
    definition = wired({"train": "train", "validation": "validation"})
    writes = {"train": {"a.csv": b"1"}, "validation": {"b.csv": b"1"}, "test": {"c.csv": b"2"}}
    found = only(judge(simulate(definition, {"Prep": Doing(writes)})), "ST127")
    assert "inputs 'train' and 'validation' of Train hold the very same data" in found.message
    assert found.where == "/Steps/1/Arguments/InputDataConfig/1/DataSource/S3DataSource/S3Uri"


def test_data_of_their_own_is_well() -> None:
    definition = wired({"train": "train", "validation": "validation"})
    writes = {"train": {"a.csv": b"1"}, "validation": {"b.csv": b"2"}, "test": {"c.csv": b"2"}}
    assert judge(simulate(definition, {"Prep": Doing(writes)})) == []


def test_what_the_names_tell_already_is_not_told_of_the_content() -> None:
    definition = wired({"train": "train", "validation": "train"})
    assert [each.code for each in judge(simulate(definition))] == ["ST127"]
