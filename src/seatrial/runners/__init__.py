"""Containers through Docker Engine; knows nothing of jobs, steps or stores."""

from seatrial.runners.connection import connect
from seatrial.runners.docker_runner import DockerRunner
from seatrial.runners.labels import EXECUTION_LABEL, JOB_LABEL, LABEL, STEP_LABEL

__all__ = ["EXECUTION_LABEL", "JOB_LABEL", "LABEL", "STEP_LABEL", "DockerRunner", "connect"]
