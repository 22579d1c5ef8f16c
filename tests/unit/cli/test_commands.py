"""The table of commands, and what is promised of every one of them."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from seatrial.cli import ALSO_CALLED, COMMANDS, main

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_a_module_that_teaches(name: str) -> None:
    command: click.Command = import_module(f"seatrial.cli.{name}").command

    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts} says nothing of itself"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_answers_programs_too(name: str) -> None:
    command: click.Command = import_module(f"seatrial.cli.{name}").command

    for each in (command, *getattr(command, "commands", {}).values()):
        assert "--json" in {flag for parameter in each.params for flag in parameter.opts}, each.name


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"compare"}))
def test_an_execution_is_always_the_last_argument(name: str) -> None:
    command: click.Command = import_module(f"seatrial.cli.{name}").command
    names = {parameter.name for parameter in command.params}
    arguments = [each for each in command.params if isinstance(each, click.Argument)]

    if "execution" in names:
        assert arguments[-1].name == "execution"
        assert not arguments[-1].required


def test_what_can_be_run_can_be_planned_with_the_same_words() -> None:
    plan, run = (
        {parameter.name: parameter.to_info_dict() for parameter in module.command.params}
        for module in (import_module("seatrial.cli.plan"), import_module("seatrial.cli.run"))
    )

    assert plan.items() <= run.items()
    assert run.keys() - plan.keys() == {"jobs", "fail_on", "max_parallel_steps", "step_cache"}


def test_each_command_in_the_documents_exists() -> None:
    pages = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        word for page in pages for word in re.findall(r"(?:bin/|`)seatrial ([a-z][a-z-]+)", page.read_text())
    }

    assert named - set(COMMANDS) - set(ALSO_CALLED) == set()
    assert {"run", "plan", "seed", "doctor"} <= named


def test_a_command_answers_to_the_name_that_the_service_has_for_it() -> None:
    context = click.Context(main, info_name="seatrial")

    assert main.get_command(context, "retry") is main.get_command(context, "resume")
    assert set(ALSO_CALLED.values()) <= set(COMMANDS)
    assert not ALSO_CALLED.keys() & COMMANDS.keys()


def test_a_mistyped_command_is_answered_with_the_near_one() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "seatrial", "rnu"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "'rnu'" in done.stderr
    assert "Did you mean 'run'?" in done.stderr


def test_help_imports_no_library_that_a_run_needs() -> None:
    program = "import sys; from seatrial.cli import main; main(['--help'], standalone_mode=False)\n"
    check = (
        "print(sorted({'docker', 'minio', 'botocore', 'boto3', 'sagemaker', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program + check], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_the_exit_codes_are_in_the_help() -> None:
    text = main.get_help(click.Context(main, info_name="seatrial"))

    for code in ("0", "1", "2", "3"):
        assert re.search(rf"^\s+{code}\s+\S", text, re.MULTILINE)
