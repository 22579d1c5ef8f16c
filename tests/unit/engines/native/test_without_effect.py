"""A shuffle has an effect on pipes, and none on a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.engines.native.requests import Bench, training_parameters


@pytest.mark.parametrize(
    ("default", "mode", "said"),
    [
        ("File", None, True),
        ("FastFile", None, True),
        ("Pipe", "File", True),
        ("File", "Pipe", False),
        ("Pipe", None, False),
        ("File", {"Get": "Parameters.Mode"}, False),
    ],
)
def test_a_shuffle_is_told_of_where_it_changes_nothing(
    tmp_path: Path, default: str, mode: Any, said: bool
) -> None:
    channel = {"ChannelName": "a", "ShuffleConfig": {"Seed": 1}, **({"InputMode": mode} if mode else {})}
    parameters = training_parameters(InputDataConfig=[channel])
    parameters["AlgorithmSpecification"]["TrainingInputMode"] = default
    told = Bench(tmp_path).engine().without_effect("Training", parameters)
    shuffles = [line for line in told if "ShuffleConfig" in line]
    assert [line.partition(":")[0] for line in shuffles] == (
        ["/InputDataConfig/0/ShuffleConfig"] if said else []
    )


def test_that_fast_file_streams_nothing_is_said_once_for_each_place(tmp_path: Path) -> None:
    parameters = training_parameters(InputDataConfig=[{"ChannelName": "a", "InputMode": "FastFile"}])
    parameters["AlgorithmSpecification"]["TrainingInputMode"] = "FastFile"
    told = Bench(tmp_path).engine().without_effect("Training", parameters)
    assert [line.partition(": ")[0] for line in told] == [
        "/AlgorithmSpecification/TrainingInputMode",
        "/InputDataConfig/0/InputMode",
    ]
    assert all("nothing is streamed" in line for line in told)
