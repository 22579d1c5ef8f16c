"""Paths are tokenized, written back and followed; undefined is never null."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.definition import Json, PropertyPath, look_up
from seatrial.definition.paths import QuotedName
from seatrial.errors import ExpressionError

TABLE = [
    ("ModelArtifacts.S3ModelArtifacts", ("ModelArtifacts", "S3ModelArtifacts")),
    ("Outputs['train'].S3Output", ("Outputs", "train", "S3Output")),
    ("FinalMetricDataList['val:acc.top1'].Value", ("FinalMetricDataList", "val:acc.top1", "Value")),
    ("TrainingJobSummaries[0].TrainingJobName", ("TrainingJobSummaries", 0, "TrainingJobName")),
    ('Environment["a b"]', ("Environment", "a b")),
    ("Environment['it's']", ("Environment", "it's")),
    ("Environment['a[0]']", ("Environment", "a[0]")),
    ("Environment['']", ("Environment", "")),
    ("[0][1].a", (0, 1, "a")),
    ("a[-1]", ("a", -1)),
    ("metrics.auc-1.val_2", ("metrics", "auc-1", "val_2")),
]


@pytest.mark.parametrize(("text", "segments"), TABLE, ids=[text for text, _ in TABLE])
def test_splits_a_path_and_writes_it_back(text: str, segments: tuple[str | int, ...]) -> None:
    path = PropertyPath.parse(text)

    assert path.segments == segments
    assert PropertyPath.parse(str(path)) == path


@pytest.mark.parametrize("text", [text for text, _ in TABLE if '"' not in text])
def test_writes_a_path_as_it_was_written(text: str) -> None:
    assert str(PropertyPath.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("", 1),
        (".a", 1),
        ("a.", 3),
        ("a..b", 3),
        ("a[", 2),
        ("a[x]", 2),
        ("a['x'", 2),
        ("a['x']b", 7),
        ("a b", 2),
        ("a]", 2),
    ],
)
def test_a_malformed_path_is_refused_at_its_character(text: str, character: int) -> None:
    with pytest.raises(ExpressionError, match=f"at character {character}$") as refused:
        PropertyPath.parse(text)

    assert refused.value.slug == "malformed-path"


plain = st.text("abcXYZ09_-$", min_size=1).filter(lambda name: name.strip("-0123456789") != "")
quoted = st.text().filter(lambda name: "']" not in name and '"]' not in name).map(QuotedName)
segments = st.lists(st.one_of(plain, quoted, st.integers(0, 10**6)), min_size=1).map(tuple)


@given(segments)
def test_any_path_survives_being_written_and_read(parts: tuple[str | int, ...]) -> None:
    assert PropertyPath.parse(str(PropertyPath(parts))).segments == parts


@given(st.text(max_size=30))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    with suppress(ExpressionError):
        path = PropertyPath.parse(text)
        assert PropertyPath.parse(str(path)) == path


DESCRIBED: Json = {
    "ProcessingOutputConfig": {
        "Outputs": [
            {"OutputName": "train", "S3Output": {"S3Uri": "s3://b/train"}},
            {"OutputName": "a.b:c", "S3Output": {"S3Uri": "s3://b/odd"}},
        ]
    },
    "FinalMetricDataList": [{"MetricName": "val:acc", "Value": 0.5}],
    "Environment": {"KEY": "value", "nothing": None},
    "Tags": [{"Key": "a"}],
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri", "s3://b/train"),
        ("ProcessingOutputConfig.Outputs['a.b:c'].S3Output.S3Uri", "s3://b/odd"),
        ("ProcessingOutputConfig.Outputs[1].OutputName", "a.b:c"),
        ("FinalMetricDataList['val:acc'].Value", 0.5),
        ("Environment['KEY']", "value"),
        ("Environment['nothing']", None),
        ("Tags[0].Key", "a"),
    ],
)
def test_finds_what_is_there(text: str, value: Json) -> None:
    assert look_up(DESCRIBED, PropertyPath.parse(text)) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Outputs", "there is: ProcessingOutputConfig"),
        ("ProcessingOutputConfig.Outputs['tset']", "the list has: train, a.b:c"),
        ("ProcessingOutputConfig.Outputs[2]", "2 items"),
        ("ProcessingOutputConfig.Outputs[-1]", "2 items"),
        ("Tags['a']", "read by index"),
        ("Environment['KEY'].x", "a string"),
        ("Environment['nothing'].x", "null"),
    ],
)
def test_what_is_not_there_is_an_error_that_says_what_is(text: str, said: str) -> None:
    with pytest.raises(ExpressionError, match="undefined") as undefined:
        look_up(DESCRIBED, PropertyPath.parse(text))

    assert undefined.value.slug == "undefined-path"
    assert said in undefined.value.message
