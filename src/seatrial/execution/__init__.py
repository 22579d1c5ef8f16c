"""Scheduler, step types, resume. Knows no Docker and no S3 client: it is handed what it needs."""

from __future__ import annotations

from seatrial.execution.abandoned import stop_abandoned
from seatrial.execution.control import Control
from seatrial.execution.failures import environment_findings
from seatrial.execution.folders import attempt_folder, execution_folder
from seatrial.execution.names import Account, Ids, RandomIds, job_name
from seatrial.execution.run import resume_execution, run_execution
from seatrial.execution.selection import find_source, needed_steps, select, selected_steps
from seatrial.execution.services import ExecutionServices
from seatrial.execution.start import PREFIX_PARAMETER, chosen_prefix, start_execution
from seatrial.execution.steps import STEP_TYPES, StepType

__all__ = [
    "PREFIX_PARAMETER",
    "STEP_TYPES",
    "Account",
    "Control",
    "ExecutionServices",
    "Ids",
    "RandomIds",
    "StepType",
    "attempt_folder",
    "chosen_prefix",
    "environment_findings",
    "execution_folder",
    "find_source",
    "job_name",
    "needed_steps",
    "resume_execution",
    "run_execution",
    "select",
    "selected_steps",
    "start_execution",
    "stop_abandoned",
]
