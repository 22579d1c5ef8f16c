"""Whose code a Lambda step calls, and what is said where nobody gave it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from seatrial.app.functions import Functions, unknown_functions
from seatrial.definition import Step
from seatrial.errors import RefusedError
from seatrial.outputs import Known
from seatrial.ports.functions import FunctionCode, name_of_function
from seatrial.settings import FunctionSettings, Settings

ARN = "arn:aws:lambda:us-east-1:123456789012:function:notify"
CREATED = FunctionCode("notify", b"zip", "app.handler", runtime="python3.8")


def settings(folder: Path, **functions: Any) -> Settings:
    return Settings(
        state_dir=folder / "state",
        functions={name.replace("__", "*"): FunctionSettings(**table) for name, table in functions.items()},
    )


def names_in(archive: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.namelist()


@pytest.mark.parametrize(
    "named", [ARN, f"{ARN}:PROD", "notify", "notify:3", "123456789012:function:notify", "function:notify"]
)
def test_a_function_is_found_by_its_name_however_it_is_named(tmp_path: Path, named: str) -> None:
    assert name_of_function(named) == "notify"
    assert Functions(settings(tmp_path), [CREATED])(named) is CREATED


def test_the_settings_win_over_what_the_pipeline_created(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("code")
    table = {"path": tmp_path / "app.py", "handler": "app.main", "timeout": 5, "environment": {"A": "1"}}
    found = Functions(settings(tmp_path, notify=table), [CREATED])(ARN)
    assert (found.name, found.handler, found.timeout_seconds) == ("notify", "app.main", 5)
    assert found.environment == {"A": "1"}
    assert names_in(found.archive) == ["app.py"]


def test_a_pattern_gives_the_code_of_many_and_an_exact_name_wins_over_it(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / f"{name}.py").write_text("code")
    find = Functions(
        settings(
            tmp_path,
            __={"path": tmp_path / "one.py", "handler": "one.main"},
            notify={"path": tmp_path / "other.py", "handler": "other.main"},
        )
    )
    assert find("tell").handler == "one.main"
    assert find(ARN).handler == "other.main"


def test_a_folder_is_packed_without_what_is_nobodys_code_and_always_the_same(tmp_path: Path) -> None:
    code = tmp_path / "code"
    (code / "inner" / "__pycache__").mkdir(parents=True)
    for name in ("app.py", "inner/part.py", "inner/__pycache__/part.pyc"):
        (code / name).write_text("code")
    find = Functions(settings(tmp_path, notify={"path": code, "handler": "app.main"}))
    assert names_in(find("notify").archive) == ["app.py", "inner/part.py"]
    assert find("notify").archive == find("notify").archive


def test_a_zip_file_is_taken_as_it_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as archive:
        archive.writestr("app.py", "code")
    find = Functions(settings(tmp_path, notify={"path": tmp_path / "code.zip", "handler": "app.main"}))
    assert find("notify").archive == (tmp_path / "code.zip").read_bytes()


def test_a_path_that_is_not_there_is_said_with_its_setting(tmp_path: Path) -> None:
    find = Functions(settings(tmp_path, notify={"path": tmp_path / "absent", "handler": "app.main"}))
    with pytest.raises(RefusedError) as refused:
        find("notify")
    assert refused.value.slug == "function-code-missing"
    assert "'notify'" in refused.value.message


@pytest.mark.parametrize(
    ("created", "words"),
    [
        ((), "there is no code for the Lambda function 'notify'"),
        ((FunctionCode("notify", b"zip", None),), "does not tell its handler"),
        ((FunctionCode("notify", b"zip", "a.b", runtime="nodejs20.x"),), "made for nodejs20.x"),
    ],
)
def test_what_cannot_be_called_is_refused_with_the_lines_to_write(
    tmp_path: Path, created: tuple[FunctionCode, ...], words: str
) -> None:
    find = Functions(settings(tmp_path), created)
    with pytest.raises(RefusedError) as refused:
        find(ARN)
    assert words in refused.value.message
    assert '[functions."notify"]\npath = ' in (refused.value.hint or "")


def test_before_the_run_one_error_for_each_and_none_for_a_name_that_only_the_run_gives(
    tmp_path: Path,
) -> None:
    def step(name: str, arn: Any) -> Step:
        return Step(name, "Lambda", pointer=f"/Steps/{name}", raw={"FunctionArn": arn})

    steps = [
        step("A", ARN),
        step("B", {"Get": "Parameters.Function"}),
        step("C", {"Get": "Steps.A.OutputParameters['x']"}),
        Step("D", "Fail"),
    ]
    known = Known({"Function": "other"})
    found = list(unknown_functions(Functions(settings(tmp_path)), steps, known))
    assert [(each.code, each.where) for each in found] == [
        ("ST204", "/Steps/A/FunctionArn"),
        ("ST204", "/Steps/B/FunctionArn"),
    ]
    assert all("handler = " in each.hint for each in found)
