"""The labels by which containers of ours are found again; knows nothing else."""

from __future__ import annotations

LABEL = "seatrial"
EXECUTION_LABEL = "seatrial.execution"
STEP_LABEL = "seatrial.step"
JOB_LABEL = "seatrial.job"
# Only what a runner made carries it, so that a sweep can never reach the store.
RUNNER_LABEL = "seatrial.runner"
