"""The listing has AWS's own shape: every member that it has is one of the service's model."""

from __future__ import annotations

from dataclasses import replace

from seatrial.definition import project
from seatrial.ports.executions import Reuse, ReuseKind, StepStatus
from seatrial.reports.step_listing import listed_steps
from tests.adapters.pipelines import PREFIX, condition, fail, join, output_of, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate

SOURCE = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/cancer/execution/earlier00001"
STEPS = pipeline(
    processing("Prep", outputs={"a": join(PREFIX, "a")}, Description="Splits", DisplayName="Prepare it"),
    training("Train", {"a": output_of("Prep", "a")}),
    condition("Good", 1, [fail("Stop", "no good")]),
)


def test_steps_are_listed_newest_first_with_what_they_have() -> None:
    flow = simulate(STEPS, {"Train": Doing(fails="ClientError: AlgorithmError: ", attempts=2)})

    listed = listed_steps(flow.record, STEPS)

    assert [step["StepName"] for step in listed] == [step.name for step in reversed(flow.record.steps)]
    by_name = {step["StepName"]: step for step in listed}
    assert by_name["Prep"]["StepDisplayName"] == "Prepare it"
    assert by_name["Prep"]["StepDescription"] == "Splits"
    assert "FailureReason" not in by_name["Prep"]
    assert by_name["Train"]["StepStatus"] == "Failed"
    assert by_name["Train"]["FailureReason"] == "ClientError: AlgorithmError: "
    assert by_name["Train"]["AttemptCount"] == 2
    assert by_name["Good"]["Metadata"] == {"Condition": {"Outcome": "True"}}


def test_every_member_is_of_the_services_model() -> None:
    flow = simulate(STEPS)
    steps = tuple(
        replace(step, reuse=Reuse(kind, SOURCE), metadata={"ProcessingJob": {"Arn": "arn"}})
        for step, kind in zip(flow.record.steps, ReuseKind, strict=False)
    )

    for listed in listed_steps(replace(flow.record, steps=steps), STEPS):
        assert project("PipelineExecutionStep", listed) == listed
        (member,) = {"CacheHitResult", "SelectiveExecutionResult"} & listed.keys()
        assert listed[member] == {"SourcePipelineExecutionArn": SOURCE}


def test_a_step_that_only_began_has_no_end() -> None:
    flow = simulate(STEPS)
    begun = replace(flow.record.steps[0], status=StepStatus.STARTING, ended_at=None)

    (listed,) = listed_steps(replace(flow.record, steps=(begun,)), STEPS)

    assert (listed["StepStatus"], "EndTime" in listed) == ("Starting", False)
