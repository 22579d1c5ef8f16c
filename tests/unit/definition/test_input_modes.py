"""Modes, data types and wrappings that do not go together are refused where they stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.definition import check, parse
from seatrial.definition.input_modes import channel_faults, processing_input_faults
from seatrial.definition.requests.rules import Unresolved
from tests.unit.definition.documents import CORPUS, SHAPES


def known(value: Any) -> Any:
    """Expressions have no value yet."""
    return Unresolved("string") if isinstance(value, Mapping) else value


def channel(mode: Any = None, data_type: Any = "S3Prefix", **members: Any) -> dict[str, Any]:
    source = {"S3Uri": "s3://b/x", "S3DataType": data_type}
    if "AttributeNames" in members:
        source["AttributeNames"] = members.pop("AttributeNames")
    return {"ChannelName": "a", "DataSource": {"S3DataSource": source}, "InputMode": mode, **members}


def faults(*channels: dict[str, Any], default: Any = "File") -> dict[tuple[str | int, ...], str]:
    request = {"AlgorithmSpecification": {"TrainingInputMode": default}, "InputDataConfig": list(channels)}
    return {fault.where[2:]: fault.message for fault in channel_faults(request, known)}


TYPE = ("DataSource", "S3DataSource", "S3DataType")


@pytest.mark.parametrize(
    ("found", "where"),
    [
        (channel("FastFile", "ManifestFile"), TYPE),
        (channel(None, "AugmentedManifestFile", AttributeNames=["a"]), TYPE),
        (channel("FastFile", "AugmentedManifestFile", AttributeNames=["a"]), TYPE),
        (channel("Pipe", "AugmentedManifestFile"), TYPE[:2]),
        (channel("Pipe", "AugmentedManifestFile", AttributeNames=[]), TYPE[:2]),
        (channel(None, CompressionType="Gzip"), ("CompressionType",)),
        (channel("FastFile", CompressionType="Gzip"), ("CompressionType",)),
        (channel("File", RecordWrapperType="RecordIO"), ("RecordWrapperType",)),
    ],
)
def test_each_is_refused_at_its_place(found: dict[str, Any], where: tuple[str, ...]) -> None:
    [(place, message)] = faults(found).items()
    assert place == where
    assert message.startswith("channel 'a': ")


@pytest.mark.parametrize(
    "found",
    [
        channel(),
        channel("Pipe", CompressionType="Gzip", RecordWrapperType="RecordIO"),
        channel("Pipe", "ManifestFile"),
        channel("File", "ManifestFile", CompressionType="None", RecordWrapperType="None"),
        channel("FastFile"),
        channel("Pipe", "AugmentedManifestFile", AttributeNames=["a", "b-ref"]),
        channel({"Get": "Parameters.Mode"}, CompressionType="Gzip"),
        channel("FastFile", {"Get": "Parameters.Type"}),
        channel("File", CompressionType={"Get": "Parameters.Compression"}),
    ],
)
def test_what_can_be_or_is_not_known_yet_is_let_through(found: dict[str, Any]) -> None:
    assert faults(found) == {}


def test_the_algorithms_mode_counts_where_a_channel_has_none() -> None:
    assert faults(channel(CompressionType="Gzip"), default="Pipe") == {}
    assert list(faults(channel(CompressionType="Gzip"), default="FastFile")) == [("CompressionType",)]


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ({"S3CompressionType": "Gzip"}, True),
        ({"S3CompressionType": "Gzip", "S3InputMode": "File"}, True),
        ({"S3CompressionType": "Gzip", "S3InputMode": "Pipe"}, False),
        ({"S3CompressionType": "Gzip", "S3InputMode": {"Get": "Parameters.Mode"}}, False),
        ({"S3CompressionType": "None", "S3InputMode": "File"}, False),
    ],
)
def test_only_pipes_unpack_what_processing_jobs_read(source: dict[str, Any], refused: bool) -> None:
    assert [fault.where for fault in processing_input_faults(source, known)] == (
        [("S3CompressionType",)] if refused else []
    )


def test_the_training_jobs_of_a_tuning_step_are_looked_at_as_well() -> None:
    document = json.loads((CORPUS / "tuned-script" / "definition.json").read_text())
    step = next(each for each in document["Steps"] if "TrainingJobDefinition" in each["Arguments"])
    step["Arguments"]["TrainingJobDefinition"]["InputDataConfig"][0]["CompressionType"] = "Gzip"
    (found,) = (each for each in check(parse(json.dumps(document)), SHAPES) if each.code == "ST029")
    assert found.step == step["Name"]
    assert found.where.endswith("/Arguments/TrainingJobDefinition/InputDataConfig/0/CompressionType")


anything = st.recursive(
    st.none() | st.booleans() | st.sampled_from(["Pipe", "FastFile", "Gzip"]),
    lambda each: (
        st.lists(each, max_size=2)
        | st.dictionaries(
            st.sampled_from(["InputMode", "DataSource", "S3DataSource", "Get"]), each, max_size=2
        )
    ),
    max_leaves=6,
)


@given(anything, anything)
def test_no_shape_of_a_request_is_too_odd_to_be_looked_at(channels: Any, algorithm: Any) -> None:
    request = {"AlgorithmSpecification": algorithm, "InputDataConfig": channels}
    for fault in channel_faults(request, known):
        assert fault.hint
