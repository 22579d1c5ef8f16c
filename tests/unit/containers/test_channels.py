"""Channels and files of XGBoost's algorithm mode are refused in the words of SageMaker's own image."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sagemaker_algorithm_toolkit.exceptions import UserError
from sagemaker_xgboost_container.algorithm_mode.channels import validate_channels
from sagemaker_xgboost_container.content_types import get_content_type
from sagemaker_xgboost_container.data_files import check_libsvm, delimiter_of, list_files, size_of

FILE = {"TrainingInputMode": "File", "S3DistributionType": "FullyReplicated", "RecordWrapperType": "None"}
CODE = {**FILE, "ContentType": "text/python"}


def of(content_type: str, **more: str) -> dict[str, str]:
    return {**FILE, "ContentType": content_type, **more}


REFUSED: dict[str, tuple[Mapping[str, Mapping[str, str]], str]] = {
    "none": ({}, "Missing required channel: train"),
    "validation alone": ({"validation": FILE}, "Missing required channel: train"),
    "unknown": ({"train": FILE, "test": FILE}, "Extraneous channel found: test"),
    **{
        name: ({"train": channel}, f"Channel configuration for 'train' channel is not supported: {channel}")
        for name, channel in {
            "a type of content": of("text/html"),
            "a parameter": of("text/csv; label_size=1"),
            "upper case": of("text/CSV"),
            "fast files": of("text/csv", TrainingInputMode="FastFile"),
            "libsvm in a pipe": of("text/libsvm", TrainingInputMode="Pipe"),
            "a distribution": of("text/csv", S3DistributionType="Random"),
        }.items()
    },
    "code of no type": (
        {"train": FILE, "code": FILE},
        "Channel configuration for 'code' channel is not supported: "
        f"{ {**FILE, 'ContentType': 'text/libsvm'} }",
    ),
}


@pytest.mark.parametrize(("given", "text"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_channel_is_refused_in_its_words(given: Mapping[str, Mapping[str, str]], text: str) -> None:
    with pytest.raises(UserError) as refused:
        validate_channels(given)
    assert str(refused.value) == text


def test_a_channel_without_content_type_is_libsvm() -> None:
    assert validate_channels({"train": FILE})["train"]["ContentType"] == "text/libsvm"


@pytest.mark.parametrize(
    "content_type",
    ["csv", "text/csv", "libsvm", "text/libsvm", "text/x-libsvm", "parquet", "application/x-parquet"],
)
def test_every_content_type_is_taken_sharded_and_with_code(content_type: str) -> None:
    given = {"train": of(content_type, S3DistributionType="ShardedByS3Key"), "validation": FILE, "code": CODE}
    assert validate_channels(given)["train"] == given["train"]


def test_a_channel_without_distribution_ends_in_a_bare_error() -> None:
    with pytest.raises(KeyError, match="S3DistributionType"):
        validate_channels({"train": {"TrainingInputMode": "File", "ContentType": "csv"}})


def test_scripts_may_name_a_content_type_with_parameters() -> None:
    assert get_content_type(None) == "libsvm"
    assert get_content_type("text/CSV; label_size=1; charset=utf-8") == "csv"
    with pytest.raises(UserError, match=r"^text/csv; label_size=2 is not an accepted csv ContentType\. "):
        get_content_type("text/csv; label_size=2")
    with pytest.raises(UserError, match=r"^text/html is not an accepted ContentType: csv, libsvm, parquet, "):
        get_content_type("text/html")


def test_a_hidden_file_is_refused_wherever_it_is(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/data.csv").write_text("1,2\n")
    assert size_of(tmp_path) == 4
    (tmp_path / "a/b/.hidden").touch()
    with pytest.raises(
        UserError, match=r"^Hidden file found in the data path! Remove that before training\.$"
    ):
        size_of(tmp_path)


def test_folders_are_read_three_deep_and_files_with_content_only(tmp_path: Path) -> None:
    for name in ("d.csv", "b/c/d.csv", "b/c/d/e.csv", "a.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1,2\n")
    (tmp_path / "_SUCCESS").touch()
    assert [str(file.relative_to(tmp_path)) for file in list_files(tmp_path)] == [
        "a.csv",
        "b/c/d.csv",
        "d.csv",
    ]


@pytest.mark.parametrize(
    ("line", "delimiter"), [("1,2,3", ","), ("1;2;3", ";"), ("1\t2\t3", "\t"), ("1|2", "|")]
)
def test_the_delimiter_is_guessed_from_the_first_line(tmp_path: Path, line: str, delimiter: str) -> None:
    (tmp_path / "a").write_text(f"{line}\n4,4,4\n")
    assert delimiter_of(tmp_path / "a") == delimiter


BROKEN: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "a csv that begins with nothing": (
        delimiter_of,
        "\n1,2\n",
        "Could not determine delimiter on line \n:\nCould not determine delimiter",
    ),
    "csv as libsvm": (
        check_libsvm,
        "1,2.5,3\n",
        "First line '1,2.5,3\n...' of file 'part-0' is not 'LIBSVM' format. "
        "Please ensure the file is in 'LIBSVM' format.",
    ),
    "a feature without index": (
        check_libsvm,
        "1 0:1\n0 1:2 3\n",
        "First line '0 1:2 3\n...' of file 'part-0' is not 'LIBSVM' format. "
        "Please ensure the file is in 'LIBSVM' format.",
    ),
}


@pytest.mark.parametrize(("check", "content", "text"), BROKEN.values(), ids=BROKEN)
def test_a_file_of_another_format_is_refused_by_its_first_lines(
    check: Callable[[Path], object], content: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / "part-0").write_text(content)
    with pytest.raises(UserError) as refused:
        check(tmp_path / "part-0")
    assert str(refused.value) == text


@pytest.mark.parametrize("content", ["1 0:1 3:2\nnonsense\n", "1:0.5 0:1\n0\n"])
def test_libsvm_is_looked_at_until_two_features_are_seen(tmp_path: Path, content: str) -> None:
    (tmp_path / "a").write_text(content)
    check_libsvm(tmp_path / "a")
