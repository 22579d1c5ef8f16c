"""The end of a run: the failure first, then outputs, findings and the next command."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from seatrial.dataflow import Flow, judge, settings_without_effect
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.images import LocalImage
from seatrial.reports.findings import show_findings
from seatrial.reports.summary import Summary, failed_steps, next_commands, show_summary
from tests.adapters.pipelines import PREFIX, fail, join, output_of, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.reports.rendering import drawn

BROKEN = "ClientError: AlgorithmError: KeyError: [/bold]'x', exit code: 1"


def a_run(doing: dict[str, Doing] | None = None) -> Flow:
    definition = pipeline(
        processing("Prep", outputs={"train": join(PREFIX, "prep", "train")}),
        training("Train", {"train": output_of("Prep", "train")}),
    )
    return simulate(definition, doing)


def told(flow: Flow, **more: object) -> str:
    summary = Summary(flow.record, flow.registry, judge(flow))
    return drawn(lambda console: show_summary(console, dataclasses.replace(summary, **more)))  # type: ignore[arg-type]  # the fields of Summary


def with_step(flow: Flow, step: StepRecord) -> Flow:
    steps = tuple(step if one.name == step.name else one for one in flow.record.steps)
    return dataclasses.replace(flow, record=dataclasses.replace(flow.record, steps=steps))


def test_a_run_that_went_well_lists_outputs_and_says_what_to_type() -> None:
    text = told(a_run())
    row = next(line for line in text.splitlines() if line.startswith("Prep"))
    assert row.split() == ["Prep", "train", "1", "4", "B", "s3://seatrial/cancer/abc123def456/prep/train"]
    assert "data flow: as declared; no errors, no warnings" in text
    assert "cancer Succeeded (abc123def456, 2 min 0 s)" in text
    assert "  seatrial download Prep.train ./here" in text


def test_the_failure_comes_first_with_reason_log_and_the_way_to_the_whole_log() -> None:
    flow = a_run({"Prep": Doing(fails=BROKEN)})
    step = dataclasses.replace(flow.record.steps[0], exit_message="disk [full]")
    text = told(with_step(flow, step), logs={"Prep": Path("/state/log.txt")}, not_started=["Train"])
    lines = [line.strip() for line in text.splitlines()]
    assert "data flow: no errors, no warnings as far as it ran" in lines
    assert lines[:7] == [
        "Prep (Processing) failed",
        BROKEN,
        "exit message  disk [full]",
        "last lines of the log",
        "Traceback …",
        "KeyError: 'x'",
        "full log  /state/log.txt",
    ]
    assert "cancer Failed (abc123def456, 1 min 0 s); not started: Train" in text
    assert lines[-4:] == [
        "seatrial logs Prep",
        "seatrial run PIPELINE   (after changing code or parameters; --from Prep keeps what came before it)",
        "seatrial resume abc123def456   (the same code and parameters; finished steps are kept)",
        "seatrial report",
    ]


def test_the_first_failure_is_told_first() -> None:
    flow = simulate(
        pipeline(processing("One"), processing("Two")), {"One": Doing(fails="a"), "Two": Doing(fails="b")}
    )
    assert [step.name for step in failed_steps(flow.record)] == ["One", "Two"]
    turned = dataclasses.replace(flow.record, steps=flow.record.steps[::-1])
    assert [step.name for step in failed_steps(turned)] == ["One", "Two"]


def test_a_fail_step_has_no_log_and_is_not_resumed() -> None:
    flow = simulate(pipeline(fail("Refuse", "AUC too low")))
    assert "Refuse (Fail) failed\n  AUC too low\n" in told(flow)
    assert next_commands(flow.record, flow.registry) == ["seatrial status", "seatrial report"]


def test_a_substituted_image_is_said() -> None:
    flow = a_run()
    step = flow.record.steps[0]
    assert step.result is not None
    uri = "1.dkr.ecr.eu-west-1.amazonaws.com/sklearn:0.23-1"
    image = LocalImage(uri, "seatrial/sklearn-1.2:3f9a", "sha256:1", "1.2 instead of 0.23")
    changed = dataclasses.replace(step, result=dataclasses.replace(step.result, image=image))
    assert "image sklearn:0.23-1 → seatrial/sklearn-1.2: 1.2 instead of 0.23" in told(
        with_step(flow, changed)
    )


def test_a_registered_package_is_named_with_its_approval() -> None:
    flow = a_run()
    arn = "arn:aws:sagemaker:us-east-1:123456789012:model-package/Tumours/3"
    properties = {"ModelPackageArn": arn, "ModelApprovalStatus": "PendingManualApproval"}
    changed = dataclasses.replace(flow.record.steps[1], properties=properties)
    assert f"registered {arn} (PendingManualApproval)" in told(with_step(flow, changed)).splitlines()


def test_findings_are_told_with_both_ends_and_the_remedy_once() -> None:
    text = told(a_run({"Prep": Doing(writes={"train": {}}, lost=("/out/[a].csv", "/b.csv"))}))
    assert "error ST101  Output empty" in text
    assert "    at       /Steps/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri" in text
    assert "    and      Train" in text
    assert "/out/[a].csv (7 bytes)" in text
    assert text.count("→ Write into a folder that an output covers") == 1
    assert "data flow: 2 errors, 1 warning" in text


def test_a_warning_of_something_else_is_not_counted_as_the_data_flows() -> None:
    other = Finding("ST240", Severity.WARNING, "another Python", "/Steps/0", "compile with it", "Prep")
    flow = a_run()
    assert "), with 1 warning\n" in told(flow, findings=(other,))


def test_notes_are_named_and_not_spelled_out_and_leave_the_data_flow_clean() -> None:
    flow = a_run()
    text = told(flow, findings=settings_without_effect(flow.definition))
    assert "without effect here: ST213, ST216 (`seatrial check` explains)" in text
    assert "VolumeSizeInGB" not in text
    assert "data flow: as declared; no errors, no warnings" in text


def test_findings_in_full_end_with_their_number_and_none_is_said_too() -> None:
    flow = a_run()
    notes = settings_without_effect(flow.definition)
    full = drawn(lambda console: show_findings(console, notes))
    assert "VolumeSizeInGB in Prep, Train without effect here" in full
    assert full.splitlines()[-1] == "2 notes"
    assert "No findings" in drawn(lambda console: show_findings(console, []))


def test_findings_in_full_are_by_gravity_each_with_its_number() -> None:
    error = Finding("ST104", Severity.ERROR, "outside", "/Steps/0")
    found = [
        Finding("ST112", Severity.WARNING, "lost", "/Steps/0"),
        error,
        dataclasses.replace(error, where="/1"),
    ]
    lines = drawn(lambda console: show_findings(console, found)).splitlines()
    assert (lines[0], lines[1]) == ("2 ERRORS", "error ST104  Output outside EXECUTION_S3_PREFIX")
    assert "1 WARNING" in lines
    assert lines[-1] == "2 errors, 1 warning"


def test_what_is_suppressed_comes_last_with_its_reason_and_is_counted_apart() -> None:
    found = [Finding("ST104", Severity.ERROR, "outside", "/Steps/0", suppressed="shared [on purpose]")]
    lines = drawn(lambda console: show_findings(console, found)).splitlines()
    assert [line.rstrip() for line in lines] == [
        "suppressed ST104  outside",
        "  because  shared [on purpose]",
        "1 suppressed",
    ]


def test_after_a_run_what_is_suppressed_is_named_and_the_data_flow_is_clean() -> None:
    text = told(a_run(), findings=(Finding("ST104", Severity.ERROR, "outside", suppressed="shared"),))
    assert "suppressed here: ST104 (`seatrial check` says why)" in text
    assert "data flow: as declared" in text
    assert "with 1 error" not in text


def test_a_note_of_the_data_flow_or_of_an_entry_is_no_setting_without_effect() -> None:
    notes = [Finding(code, Severity.NOTE, "said") for code in ("ST119", "ST216", "ST234")]
    text = told(a_run(), findings=notes)
    assert "without effect here: ST216 (`seatrial check` explains)" in text
    assert "notes: ST119, ST234 (`seatrial check` explains)" in text
