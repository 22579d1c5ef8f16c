"""A step that is a check: a processing job calculates a baseline and holds it against an earlier one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from seatrial.definition import Step
from seatrial.execution.steps.baselines import (
    CheckWish,
    baseline_given,
    earlier_baseline,
    read_wish,
    with_baseline,
)
from seatrial.execution.steps.job import JobStep
from seatrial.execution.steps.step_type import Done, StepFailedError
from seatrial.ports.executions import StepStatus
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.ports.storage import S3Uri

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext

VIOLATIONS = "constraint_violations.json"


@dataclass(frozen=True)
class CheckStep(JobStep):
    """`files` are what a calculated baseline consists of, each by its name in the step's properties."""

    title: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, step: Step, context: StepContext) -> JobRequest:
        """The processing job, given the earlier baseline unless the check is skipped."""
        name, parameters = context.create_request(step, self.shape)
        wish = read_wish(step, context.evaluate)
        baseline = earlier_baseline(wish, context.model_registry)
        if not wish.skip and "Constraints" not in baseline:
            raise StepFailedError(
                f"ClientError: {self.title} failed. {_no_baseline(wish)}", slug="no-baseline", where=step.name
            )
        return context.job_request(self.kind, name, with_baseline(parameters, wish, baseline))

    def complete(self, step: Step, context: StepContext, result: JobResult) -> Done:
        """What the job's end means: a violation fails the step if it is to."""
        wish = read_wish(step, context.evaluate)
        ended = super().complete(step, context, result)
        found = self._baselines(wish, context, result)
        report = _violation_report(context, result) if ended.status is StepStatus.SUCCEEDED else None
        metadata = {
            "CheckType": wish.check_type,
            **found,
            **({"ModelPackageGroupName": wish.group} if wish.group else {}),
            **({"ViolationReport": report.uri} if report else {}),
            "CheckJobArn": str(result.describe.get("ProcessingJobArn", "")),
            "SkipCheck": wish.skip,
            "RegisterNewBaseline": wish.register_new,
        }
        ended = replace(ended, properties=found, metadata={self.shape.type: metadata})
        if report is None:
            return ended
        if not wish.fail_on_violation:
            return replace(ended, progress=report.told)
        reason = f"ClientError: {self.title} failed. See violation report {report.uri}"
        return replace(ended, status=StepStatus.FAILED, failure_reason=reason)

    def _baselines(self, wish: CheckWish, context: StepContext, result: JobResult) -> dict[str, str]:
        """The four properties, or as many as there are: nothing stands for a file that was not written."""
        written = _written(result)
        new = {name: written[file] for name, file in self.files.items() if file in written}
        given = baseline_given(result.describe) or earlier_baseline(wish, context.model_registry)
        used = new if wish.register_new else given
        return {
            **{f"CalculatedBaseline{name}": uri for name, uri in new.items()},
            **{f"BaselineUsedForDriftCheck{name}": uri for name, uri in used.items() if name in self.files},
        }


@dataclass(frozen=True)
class _Report:
    """Where violations are told, and how many."""

    uri: str
    count: int

    @property
    def told(self) -> str:
        """For people, where the step succeeds all the same."""
        return f"{self.count} violation{'s' if self.count > 1 else ''}, see {self.uri}"


def _no_baseline(wish: CheckWish) -> str:
    if wish.group is None:
        return (
            "There is no baseline to check against: give SuppliedBaselineConstraints or "
            "ModelPackageGroupName, or SkipCheck"
        )
    return (
        f"There is no baseline to check against: group {wish.group} has no approved version with a "
        f"baseline of {wish.check_type} in its DriftCheckBaselines; run once with SkipCheck and "
        "RegisterNewBaseline, and approve the version"
    )


def _written(result: JobResult) -> dict[str, str]:
    """The S3 URI of each file that this attempt wrote at the top of an output, by its name."""
    return {
        item.key.rpartition("/")[2]: item.uri
        for output in result.outputs
        for item in output.objects
        if item.uri.rpartition("/")[0] == output.s3_uri.rstrip("/")
    }


def _violation_report(context: StepContext, result: JobResult) -> _Report | None:
    """The report if the job wrote one that holds a violation."""
    uri = _written(result).get(VIOLATIONS)
    count = len(_violations(context.read_object(S3Uri.parse(uri)), uri)) if uri is not None else 0
    return _Report(uri, count) if uri is not None and count else None


def _violations(content: bytes, uri: str) -> list[Any]:
    try:
        return list(json.loads(content)["violations"])
    except (ValueError, KeyError, TypeError) as error:
        raise StepFailedError(
            f"ClientError: the violation report {uri} cannot be read: {error!r}",
            slug="violation-report-broken",
            where=uri,
        ) from error
