"""Finding the pipeline in a user's file, and telling him what is wrong with it.

The SDK's class is recognised by its name and package, so a stand-in serves; it is imported by the
user files of these tests from `stand_in`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from seatrial.errors import EnvironmentUnfitError, RefusedError
from seatrial.sessions.targets import read_target
from seatrial.sessions.user_code import compile_target


class Pipeline:
    """As much of the SDK's as compiling uses."""

    def __init__(self, name: str) -> None:
        self.name = name

    def definition(self) -> str:
        """The definition."""
        return f'{{"of": "{self.name}"}}'


class Session:
    """A boto3 session, as far as arguments are taken from it."""

    region_name = "eu-west-1"


@pytest.fixture(autouse=True)
def _own_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what is fine in a process of its own: the path, the arguments, the modules."""
    monkeypatch.setattr(Pipeline, "__module__", "sagemaker.workflow.pipeline")
    stand_in = ModuleType("stand_in")
    stand_in.Pipeline = Pipeline  # type: ignore[attr-defined]  # a module made up here
    before = dict(sys.modules)
    sys.modules["stand_in"] = stand_in
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.chdir(tmp_path)
    yield
    for name in sys.modules.keys() - before.keys():
        del sys.modules[name]


def compile_code(code: str, attribute: str = "") -> str:
    Path("flow.py").write_text(f"from stand_in import Pipeline\n{code}\n")
    name, _ = compile_target(read_target(f"flow.py:{attribute}" if attribute else "flow.py"), Session())
    return name


def refusal(code: str, attribute: str = "") -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        compile_code(code, attribute)
    return refused.value


PARSER = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n', {})\nn = p.parse_args().n"
PICKLED = "import pickle\nclass C: ...\nc = pickle.loads(pickle.dumps(C))"
FOUND = {
    "called pipeline": ("pipeline = Pipeline('a')", "", "a"),
    "called pipeline among others": ("other = Pipeline('b'); pipeline = Pipeline('a')", "", "a"),
    "the only one": ("churn = Pipeline('a')", "", "a"),
    "the only one, under two names": ("churn = same = Pipeline('a')", "", "a"),
    "get_pipeline": ("def get_pipeline(): return Pipeline('a')", "", "a"),
    "create_pipeline": ("def create_pipeline(): return Pipeline('a')", "", "a"),
    "named": ("x = Pipeline('a'); y = Pipeline('b')", "y", "b"),
    "a named function": ("def make(): return Pipeline('a')", "make", "a"),
    "a dotted name": ("class B:\n  make = staticmethod(lambda: Pipeline('a'))", "B.make", "a"),
    "an argument by name": ("def make(region): return Pipeline(region)", "make", "eu-west-1"),
    "a positional argument": ("def make(region, /): return Pipeline(region)", "make", "eu-west-1"),
    "an argument with a default": ("def make(region='d'): return Pipeline(region)", "make", "d"),
    "any arguments": ("def make(*args, **kwargs): return Pipeline('a')", "make", "a"),
    "a parser at module level": (PARSER.format("default='a'") + "\npipeline = Pipeline(n)", "", "a"),
    "a module beside it": ("from helper import NAME\npipeline = Pipeline(NAME)", "", "helped"),
    "pickling its own": (f"{PICKLED}\npipeline = Pipeline(c.__name__)", "", "C"),
}


@pytest.mark.parametrize(("code", "attribute", "name"), FOUND.values(), ids=FOUND)
def test_the_pipeline_is_found(code: str, attribute: str, name: str) -> None:
    Path("helper.py").write_text("NAME = 'helped'\n")
    assert compile_code(code, attribute) == name


def test_a_module_is_imported_from_the_current_folder() -> None:
    Path("flows").mkdir()
    Path("flows/churn.py").write_text(
        "from .names import NAME\nfrom stand_in import Pipeline\np = Pipeline(NAME)\n"
    )
    Path("flows/names.py").write_text("NAME = 'relative'\n")
    assert compile_target(read_target("flows.churn:p"), Session()) == ("relative", '{"of": "relative"}')


def test_several_pipelines_are_listed_as_one_would_type_them() -> None:
    error = refusal("x = Pipeline('a'); y = Pipeline('b')")
    assert error.slug == "several-pipelines"
    assert error.hint == "name one: flow.py:x, flow.py:y"


def test_a_file_without_a_pipeline_is_told_where_it_is_looked_for() -> None:
    error = refusal("if __name__ == '__main__':\n  pipeline = Pipeline('a')")
    assert error.slug == "no-pipeline"
    assert "get_pipeline()" in str(error.hint)
    assert "__main__" in str(error.hint)


def test_a_name_that_is_not_there_offers_those_that_are() -> None:
    error = refusal("x = Pipeline('a')\ndef get_pipeline(): ...", "z")
    assert error.message == "flow.py has no z"
    assert error.hint == "name one: flow.py:x, flow.py:get_pipeline"


def test_what_is_no_pipeline_is_refused() -> None:
    assert refusal("x = lambda: 3", "x").message == "flow.py:x gave a int, not a Pipeline"


FAULTS = {
    "at import": ("1 / 0", "ZeroDivisionError: division by zero", 2),
    "syntax": ("def (", "SyntaxError: invalid syntax", 2),
    "in a function": ("def get_pipeline():\n  raise KeyError('x')", "KeyError: 'x'", 3),
    "in a library": ("import json\njson.loads('{')", "JSONDecodeError: Expecting", 3),
    "a missing module": ("import nowhere_to_be_found", "No module named 'nowhere_to_be_found'", 2),
    "exit": ("import sys\nsys.exit(3)", "flow.py called sys.exit(3)", 3),
    "a required command-line argument": (PARSER.format("required=True"), "flow.py called sys.exit(2)", 5),
    "unknown arguments": ("def get_pipeline(x, y): ...", "get_pipeline() requires x, y, which", 2),
}


@pytest.mark.parametrize(("code", "message", "line"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_user_code_names_his_line(code: str, message: str, line: int) -> None:
    error = refusal(code)
    assert error.message.startswith(message)
    assert error.where == f"flow.py:{line}"
    assert error.hint


@pytest.mark.parametrize(
    "code",
    [
        "raise EndpointConnectionError(endpoint_url='http://store')",
        "raise ReadTimeoutError(endpoint_url='http://store')",
        "try: raise EndpointConnectionError(endpoint_url='http://store')\n"
        "except Exception as e: raise RuntimeError('upload') from e",
    ],
)
def test_a_store_that_is_gone_is_not_blamed_on_user_code(code: str) -> None:
    lines = f"from botocore.exceptions import EndpointConnectionError, ReadTimeoutError\n{code}"
    with pytest.raises(EnvironmentUnfitError, match="the object store was lost") as unfit:
        compile_code(lines)
    assert unfit.value.hint == "see what is there with: seatrial doctor"


def test_a_fault_in_a_module_beside_it_names_that_ones_line() -> None:
    Path("helper.py").write_text("\nboom\n")
    assert refusal("import helper").where == "helper.py:2"


def test_the_users_part_of_the_traceback_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    Path("helper.py").write_text("def work():\n    return 1 / 0\n")
    refusal("import helper\nhelper.work()")
    assert capsys.readouterr().err == (
        "flow.py:3 in <module>\n    helper.work()\nhelper.py:2 in work\n    return 1 / 0\n"
    )


def test_where_a_library_raised_is_shown_after_the_line_that_called_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    refusal("import botocore.session\nbotocore.session.Session().create_client(1)")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "flow.py:3 in <module>"
    assert "/botocore/" in lines[2]
    assert len(lines) == 4


def test_a_fault_without_a_line_of_the_users_leaves_no_empty_one(capsys: pytest.CaptureFixture[str]) -> None:
    refusal("class Broken(Pipeline):\n    definition = None\np = Broken('a')")
    assert capsys.readouterr().err == ""


def test_a_module_that_is_not_there_is_told_from_one_that_lacks_something() -> None:
    Path("flow.py").write_text("import nowhere_to_be_found")
    for target, slug in (("absent.flow:p", "no-such-pipeline"), ("flow:p", "pipeline-code-failed")):
        with pytest.raises(RefusedError) as refused:
            compile_target(read_target(target), Session())
        assert refused.value.slug == slug


def test_code_for_another_sdk_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sagemaker", ModuleType("sagemaker"))
    assert "another version of the SageMaker SDK" in str(refusal("import sagemaker.nowhere").hint)


def test_a_function_without_an_image_is_told_which_there_are() -> None:
    found = refusal("raise ValueError('Default image is supported only for Python versions 3.8 and 3.10.')")
    assert found.hint is not None
    assert "@step(image_uri=…)" in found.hint
    assert "SAGEMAKER_INTERNAL_IMAGE_URI=seatrial/base-python" in found.hint


def test_a_file_may_be_called_like_a_library() -> None:
    Path("json.py").write_text("from stand_in import Pipeline\npipeline = Pipeline('a')\n")
    name: Any = compile_target(read_target("json.py"), Session())[0]
    assert name == "a"
    assert sys.modules["json"].loads("1") == 1
