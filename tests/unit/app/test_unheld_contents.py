"""ST235: a contract of contents whose name fits no output and no input of the pipeline."""

from __future__ import annotations

from seatrial.app.unheld_contents import unheld_contents
from seatrial.ports.findings import Finding
from seatrial.settings import load_settings
from tests.adapters.pipelines import PREFIX, condition, join, output_of, pipeline, processing, training

PIPELINE = pipeline(
    processing("Preprocess", {"raw": "s3://data/raw/"}, {"train": join(PREFIX, "train")}),
    training("Train", {"train": output_of("Preprocess", "train")}, join(PREFIX, "model")),
)


def unheld(*patterns: str) -> list[Finding]:
    contents = load_settings(contents={pattern: {"not_empty": True} for pattern in patterns}).contents
    return list(unheld_contents(contents, PIPELINE))


def test_a_misspelt_place_is_a_note_that_names_the_nearest() -> None:
    (found,) = unheld("Preprocess.trian")
    assert (found.code, found.where) == ("ST235", 'contents."Preprocess.trian"')
    assert "'Preprocess.train'" in found.hint


def test_so_are_a_misspelt_step_a_pattern_and_a_step_without_a_name_behind_it() -> None:
    assert [found.where for found in unheld("Preproces.train", "*.modle", "Train")] == [
        'contents."Preproces.train"',
        'contents."*.modle"',
        'contents."Train"',
    ]


def test_nothing_is_said_of_what_is_declared_as_output_or_input() -> None:
    assert unheld("Preprocess.train", "Preprocess.raw", "Train.*", "*.model", "Train.output", "*") == []


def test_nothing_is_said_of_steps_whose_request_does_not_name_what_they_write() -> None:
    definition = pipeline(
        condition("Check", 1, [processing("Inner")]), {**processing("Quality"), "Type": "QualityCheck"}
    )
    named: dict[str, object] = {"Check.report": {}, "Inner.report": {}, "Quality.report": {}, "*.report": {}}
    found = list(unheld_contents(load_settings(contents=named).contents, definition))
    assert [each.where for each in found] == ['contents."Check.report"', 'contents."Inner.report"']
