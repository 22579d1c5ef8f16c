"""Callback steps at the command line: answered by the settings, by hand, and after the process was killed."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import pipeline

DEFINITION = Path(__file__).parents[2] / "corpus" / "callback-steps" / "definition.json"
WORK = """
import os, pathlib, sys
told = pathlib.Path("/opt/ml/processing/told/told.txt")
told.write_text(" ".join([*sys.argv[1:], os.environ["SOURCE"]]))
"""
ANSWERS = """
def load(message):
    target = message["arguments"]["target"]
    assert message["status"] == "Executing" and target.startswith("s3://"), message
    return {"rows": message["arguments"]["days"] * 4, "share": 0.5, "source": "depot"}
"""
APPROVE = """
import json, sys
message = json.load(sys.stdin)
print(json.dumps({"approved": message["arguments"]["rows"] == 12}))
"""
ASK: dict[str, Any] = {
    "Name": "Ask",
    "Type": "Callback",
    "Arguments": {"question": "go on?"},
    "SqsQueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/ask",
    "OutputParameters": [{"OutputName": "word", "OutputType": "String"}],
}
TELL = {"Std:Join": {"On": " ", "Values": ["they said", {"Get": "Steps.Ask.OutputParameters['word']"}]}}
END = {"Name": "End", "Type": "Fail", "Arguments": {"ErrorMessage": TELL}}


@pytest.fixture
def answered(project: Project) -> Project:
    """The project with the SDK's own definition, and everybody who answers in it."""
    project.write("p.json", DEFINITION.read_text())
    for name, text in {"work.py": WORK, "answers.py": ANSWERS, "approve.py": APPROVE}.items():
        project.write(name, text)
    project.write("seeds.toml", '["s3://my-bucket/code/work.py"]\npath = "work.py"\n')
    project.write(
        "seatrial.toml",
        '[callbacks."*/loading"]\nhook = "answers:load"\n'
        '[callbacks.Approve]\ncommand = "python3 approve.py"\n',
    )
    return project


def test_a_definition_of_the_sdk_is_answered_by_a_function_and_a_command(answered: Project) -> None:
    ended = answered.json("run", "p.json")
    assert ended["status"] == "Succeeded", ended
    assert "ST205" not in {found["code"] for found in ended["findings"]}
    downloaded = answered.run("download", "Work.told")
    assert downloaded.returncode == 0, downloaded.stderr
    (told,) = answered.folder.rglob("told.txt")
    assert told.read_text() == "--rows 12 depot"
    (execution,) = answered.json("status", "latest")["executions"]
    steps = {step["StepName"]: step["Metadata"] for step in execution["pipeline_execution_steps"]}
    assert steps["Approve"]["Callback"]["OutputParameters"] == [{"Name": "approved", "Value": "true"}]
    assert '"status": "Executing"' in answered.run("logs", "Load").stdout


def test_a_process_that_was_killed_while_it_waited_goes_on_with_the_answer_that_came_meanwhile(
    project: Project,
) -> None:
    project.write("p.json", pipeline(ASK, END))
    running = project.start("run", "p.json")
    (message,) = _waiting(project)
    running.kill()
    _, said = running.communicate(timeout=30)
    assert f"seatrial callback success {message['token']} word=…" in said
    assert message["arguments"] == {"question": "go on?"}

    assert project.run("callback", "success", message["token"], "word=yes").returncode == 0
    twice = project.run("callback", "failure", message["token"])
    assert twice.returncode == 2
    assert "has been answered" in twice.stderr

    resumed = project.run("resume", "--json")
    steps = {step["name"]: step for step in json.loads(resumed.stdout)["steps"]}
    assert (steps["Ask"]["status"], steps["Ask"]["attempts"]) == ("Succeeded", 2)
    assert steps["End"]["failure_reason"] == "they said yes"


def _waiting(project: Project) -> list[dict[str, Any]]:
    """The messages that wait, as soon as one does."""
    deadline = time.monotonic() + 30
    while not (found := project.json("callback", "list")["callbacks"]):
        assert time.monotonic() < deadline, "nothing waits"
    return list(found)
