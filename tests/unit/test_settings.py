"""Where settings come from, and what is said of those that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.errors import RefusedError
from seatrial.settings import every_setting, load_settings, variable_of


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_variable_wins_over_seatrial_toml_and_that_over_pyproject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.seatrial]\njobs = 3\nbucket = 'three'\nregion = 'eu-west-3'\n"
    )
    (tmp_path / "seatrial.toml").write_text("jobs = 4\nbucket = 'four'\n")
    monkeypatch.setenv("SEATRIAL_JOBS", "5")

    found = load_settings()

    assert (found.jobs, found.bucket, found.region) == (5, "four", "eu-west-3")
    assert load_settings(jobs=6).jobs == 6


def test_a_misspelt_variable_is_refused_with_the_near_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATRIAL_STORE__ENDPOINT", "http://127.0.0.1:9000")

    with pytest.raises(RefusedError) as refusal:
        load_settings()

    assert "SEATRIAL_STORE__ENDPOINT" in refusal.value.message
    assert "SEATRIAL_STORE__ENDPOINT_URL" in (refusal.value.hint or "")


def test_a_misspelt_setting_is_refused_with_the_near_one(tmp_path: Path) -> None:
    (tmp_path / "seatrial.toml").write_text("[substitute.Load]\noutputs = { a = 'b' }\n")
    with pytest.raises(RefusedError) as refused:
        load_settings()
    assert refused.value.message == "setting 'substitute': there is none of that name"
    assert (refused.value.hint or "").startswith("did you mean substitutes? ")


def test_the_variable_of_every_setting_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATRIAL_MINIO_PORT", "9000")  # compose.yaml's own
    values = {"fidelity.set_default_region": "false", "build.pull": "false", "stop_grace_seconds": "3"}
    assert set(values) <= {name for name, _ in every_setting()}
    for name, value in values.items():
        monkeypatch.setenv(variable_of(name), value)

    found = load_settings()

    assert (found.fidelity.set_default_region, found.build.pull, found.stop_grace_seconds) == (
        False,
        False,
        3,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "give outputs, model, properties, inputs, script, image or replay"),
        ('script = "x.py"\noutputs = { a = "b" }', "outputs and script are two substitutes for one step"),
        ('replay = "abc"\nimage = "x"', "image and replay are two substitutes for one step"),
        ('script = "x.exe"', "script x.exe is neither a .py nor a .sh file"),
        ('replay = "abc"\ninputs = { a = "b" }', "nothing reads the inputs of a step whose replay is given"),
        ('model = "a"\noutputs = { model = "b" }', "model and outputs.model are the same"),
        ('scrpt = "x.py"', "substitutes.Step.scrpt"),
    ],
)
def test_a_step_has_one_substitute_and_a_bad_one_is_refused_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seatrial.toml").write_text(f'[substitutes."Step"]\n{text}\n')
    with pytest.raises(RefusedError) as refused:
        load_settings()
    assert said in refused.value.message
    assert "Value error" not in refused.value.message
    assert "docs/substitutes.md" in (refused.value.hint or "")


@pytest.mark.parametrize(
    "text",
    [
        "properties = {}",
        'outputs = { a = "b" }\nproperties = { ExitMessage = "x" }',
        'script = "x.sh"\nimage = "y"\ninputs = { a = "b" }',
        'inputs = { a = "b" }',
        'replay = "abc"',
    ],
)
def test_ways_that_go_together_are_one_substitute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seatrial.toml").write_text(f'[substitutes."Step"]\n{text}\n')
    assert [*load_settings().substitutes] == ["Step"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("command = 'a'\nhook = 'b:c'", "command and hook are two answers to one message"),
        ("command = 'sh -c \"echo'", "the command cannot be read: No closing quotation"),
        ("command = ' '", "the command is empty"),
        ("command = []", "the command is empty"),
        ("hook = 'answers'", "callbacks.Ask.hook"),
        ("command = 'a'\ntimeout_seconds = 0", "callbacks.Ask.timeout_seconds"),
    ],
)
def test_who_cannot_answer_a_message_is_refused_before_anything_starts(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "seatrial.toml").write_text(f"[callbacks.Ask]\n{text}\n")
    with pytest.raises(RefusedError) as refused:
        load_settings()
    assert said in refused.value.message
