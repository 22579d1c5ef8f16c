"""What may be named as a pipeline."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from seatrial.errors import RefusedError
from seatrial.ports.storage import StoreAddress
from seatrial.sessions import load_pipeline, needs_compiling
from seatrial.sessions.targets import Target, read_target
from seatrial.settings import Settings


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with one of each kind."""
    (tmp_path / "pipeline.py").write_text("")
    (tmp_path / "churn.json").write_text("{}")
    (tmp_path / "My Compiled!").mkdir()
    (tmp_path / "My Compiled!" / "definition.json").write_text('{"Version": "x"}')
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pipeline.py", Target("file", "pipeline.py")),
        ("pipeline.py:train", Target("file", "pipeline.py", "train")),
        ("churn.json", Target("definition", "churn.json")),
        ("My Compiled!", Target("folder", "My Compiled!")),
        ("package.module:make", Target("module", "package.module", "make")),
        ("module:Builder.make", Target("module", "module", "Builder.make")),
    ],
)
@pytest.mark.usefixtures("project")
def test_the_forms_are_told_apart(text: str, expected: Target) -> None:
    assert read_target(text) == expected


@pytest.mark.parametrize(
    "text", ["absent.py", "absent.json", "absent.py:p", "nonsense", "empty", "a b:c", "s3://b/k"]
)
@pytest.mark.usefixtures("project")
def test_what_is_not_there_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_target(text)
    assert refused.value.where == text
    assert refused.value.hint


@pytest.mark.usefixtures("project")
def test_only_code_needs_compiling() -> None:
    assert [needs_compiling(text) for text in ("pipeline.py", "m:a", "churn.json", "My Compiled!")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_definition_is_read_without_any_store_and_named_after_its_file(project: Path) -> None:
    compiled = load_pipeline("churn.json", address=None, settings=Settings())
    assert (compiled.name, compiled.definition_text, compiled.uploads) == ("churn", "{}", ())
    assert compiled.seeds is None
    (project / "seeds.toml").write_text("")
    assert load_pipeline("churn.json", address=None, settings=Settings()).seeds == Path("seeds.toml")


@pytest.mark.usefixtures("project")
def test_a_folder_gives_its_name_where_the_file_says_nothing() -> None:
    compiled = load_pipeline("My Compiled!", address=None, settings=Settings())
    assert compiled.name == "My-Compiled"
    compiled = load_pipeline("My Compiled!/definition.json", address=None, settings=Settings())
    assert compiled.name == "My-Compiled"


@pytest.mark.parametrize("index", ["{", "[]", "{}", "3"])
def test_a_folder_whose_index_is_damaged_is_refused(project: Path, index: str) -> None:
    (project / "My Compiled!" / "compiled.json").write_text(index)
    with pytest.raises(RefusedError, match="does not tell the pipeline's name"):
        load_pipeline("My Compiled!", address=None, settings=Settings())


def test_a_definition_that_is_no_text_is_refused(project: Path) -> None:
    (project / "churn.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RefusedError) as refused:
        load_pipeline("churn.json", address=None, settings=Settings())
    assert refused.value.slug == "unreadable-definition"


@pytest.mark.usefixtures("project")
def test_a_missing_sdk_is_said_with_the_command_that_installs_it(
    nowhere: StoreAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Exception, match="boto3 and sagemaker cannot be imported") as unfit:
        load_pipeline("pipeline.py", address=nowhere, settings=Settings())
    assert unfit.value.hint == "pip install 'seatrial[sdk-v2]'"  # type: ignore[attr-defined]  # of SeatrialError
    assert unfit.value.exit_code == 3  # type: ignore[attr-defined]  # of SeatrialError


def test_a_compiled_folder_needs_neither_sdk_nor_boto3(project: Path) -> None:
    code = (
        "import sys; sys.modules['boto3'] = sys.modules['sagemaker'] = None\n"
        "from seatrial.sessions import load_pipeline\n"
        "from seatrial.settings import Settings\n"
        "print(load_pipeline('My Compiled!', address=None, settings=Settings()).name)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True
    )
    assert told.stdout == "My-Compiled\n"
