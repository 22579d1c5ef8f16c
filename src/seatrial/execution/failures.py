"""From an exception to a failed step: a reason for the user, a finding, a traceback for us."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

from seatrial.errors import EnvironmentUnfitError, ExpressionError, SeatrialError
from seatrial.execution.folders import TRACEBACK
from seatrial.execution.scope import ExecutionScope
from seatrial.execution.steps.step_type import Done, StepFailedError
from seatrial.ports.executions import StepStatus
from seatrial.ports.findings import Finding, Severity

logger = logging.getLogger(__name__)

_LONGEST = 1024


def failed_step(error: BaseException, scope: ExecutionScope) -> Done:
    """The step's end: every exception has a reason that says what it was."""
    return Done(StepStatus.FAILED, failure_reason=_reason(error, scope)[:_LONGEST])


def environment_findings(error: BaseException, step: str | None = None) -> list[Finding]:
    """What the machine could not do, for the execution as a whole: its exit code depends on it."""
    if not isinstance(error, EnvironmentUnfitError):
        return []
    return [
        Finding(
            error.code,
            Severity.ERROR,
            error.message,
            where=error.where or "",
            hint=error.hint or "",
            step=step,
        )
    ]


def keep_traceback(error: BaseException, folder: Path) -> None:
    """The whole traceback in the attempt's folder, that of another process included."""
    if isinstance(error, StepFailedError | ExpressionError):
        return  # the pipeline's own trouble: the reason says it all
    if not isinstance(error, SeatrialError):
        logger.error("an attempt failed in a way nobody foresaw; see %s", folder, exc_info=error)
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    (folder / TRACEBACK).write_text(text, encoding="utf-8")


def _reason(error: BaseException, scope: ExecutionScope) -> str:
    if isinstance(error, StepFailedError):
        return error.message
    if isinstance(error, ExpressionError):
        return f"ClientError: {scope.explain(error)}"
    if isinstance(error, SeatrialError):
        return f"{error.message} ({error.hint})" if error.hint else error.message
    return f"InternalError: {type(error).__name__}: {error}"
