"""What a definition says of the SDK's functions and notebooks, read from what the SDK wrote."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.definition import PipelineDefinition, parse
from seatrial.definition.remote_functions import is_notebook, remote_function
from tests.unit.definition.documents import CORPUS

BASE = "s3://my-bucket/functions"
EXECUTION = {"Get": "Execution.PipelineExecutionId"}


def definition(case: str) -> PipelineDefinition:
    return parse((CORPUS / case / "definition.json").read_bytes())


def arguments(step: str, case: str = "functions") -> dict[str, Any]:
    found = definition(case).step(step)
    assert found is not None
    return dict(found.arguments)


def test_a_function_is_told_where_its_payload_lies() -> None:
    function = remote_function(arguments("Make"))
    assert function is not None
    assert function.step == "Make"
    assert function.build is not None
    assert function.payloads == {
        "function": f"{BASE}/Make/{function.build}/function",
        "arguments": f"{BASE}/Make/{function.build}/arguments",
    }


def test_it_says_which_python_and_which_sdk_compiled_it() -> None:
    said = arguments("Make")
    function = remote_function(said)
    assert function is not None
    assert function.python is not None
    assert function.sdk is not None
    words = said["AlgorithmSpecification"]["ContainerArguments"]
    assert words[function.python.index - 1 : function.python.index + 1] == ["--client_python_version", "3.11"]
    assert words[function.sdk.index - 1] == "--client_sagemaker_pysdk_version"
    assert function.sdk.value.startswith("2.")


def test_what_its_arguments_need_stands_by_the_expression() -> None:
    function = remote_function(arguments("Make"))
    assert function is not None
    assert {name: argument.value for name, argument in function.references.items()} == {
        "Execution.PipelineExecutionId": EXECUTION,
        "Parameters.Rows": {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Rows"}]}},
    }


def test_what_other_functions_returned_is_told_by_their_step() -> None:
    results = {
        step: set(function.results)
        for step in ("Make", "Total", "Read")
        if (function := remote_function(arguments(step)))
    }
    assert results == {"Make": set(), "Total": {"Make"}, "Read": set()}


def test_the_exception_lies_beneath_the_execution() -> None:
    function = remote_function(arguments("Make"))
    assert function is not None
    assert function.exception == {
        "Std:Join": {"On": "/", "Values": [BASE, EXECUTION, "Make", "exception"]},
    }


def test_a_resolved_request_gives_plain_places() -> None:
    request = {
        "InputDataConfig": [{"ChannelName": "sagemaker_remote_function_bootstrap"}],
        "AlgorithmSpecification": {
            "ContainerArguments": [
                *("--s3_base_uri", "s3://bucket/root/"),
                *("--pipeline_step_name", "Make"),
                *("--pipeline_execution_id", "abc"),
                *("--func_step_s3_dir", "2026"),
                *("--property_references", "Steps.One.OutputDataConfig.S3OutputPath", "s3://bucket/one"),
                *("--serialize_output_to_json", "true"),
            ]
        },
    }
    function = remote_function(request)
    assert function is not None
    assert function.payloads["function"] == "s3://bucket/root/Make/2026/function"
    assert function.exception == "s3://bucket/root/abc/Make/exception"
    assert {name: argument.value for name, argument in function.results.items()} == {"One": "s3://bucket/one"}


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"InputDataConfig": None, "AlgorithmSpecification": None},
        {"InputDataConfig": {"Get": "Parameters.X"}, "AlgorithmSpecification": "odd"},
        {"InputDataConfig": [{"ChannelName": "train"}, "odd"]},
    ],
)
def test_any_other_job_is_none(request_: dict[str, Any]) -> None:
    assert remote_function(request_) is None
    assert not is_notebook(request_)


@pytest.mark.parametrize("words", [None, "text", [], ["--s3_base_uri"], [{"Get": "Parameters.X"}]])
def test_arguments_that_say_nothing_give_no_places(words: Any) -> None:
    function = remote_function(
        {
            "InputDataConfig": [{"ChannelName": "sagemaker_remote_function_bootstrap"}],
            "AlgorithmSpecification": {"ContainerArguments": words},
        }
    )
    assert function is not None
    assert function.payloads == {}
    assert function.exception is None
    assert function.references == {}


def test_a_notebook_is_known_by_its_entrypoint() -> None:
    assert is_notebook(arguments("Report", "notebook-job"))
    assert not is_notebook(arguments("After", "notebook-job"))
    assert remote_function(arguments("Report", "notebook-job")) is None
