"""How a job ended, judged from its container's end and the files it left; touches neither Docker nor S3."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seatrial.engines import failures
from seatrial.engines.ending import COMPLETED, STOPPED, Ending, failed
from seatrial.engines.instances import look_up_instance
from seatrial.engines.job import Job
from seatrial.engines.locations import staged
from seatrial.engines.native.trees import read_head
from seatrial.engines.processing import MESSAGE_FILE
from seatrial.engines.training import FAILURE_FILE
from seatrial.ports.jobs import JobKind
from seatrial.ports.runners import JobOutcome
from seatrial.settings import FidelitySettings

MESSAGE_LIMIT = 1024
# 128 + SIGKILL: the process did not end within its grace.
_KILLED = 137
_INIT_FAILED = re.compile(r"^\[FATAL tini \(\d+\)\] (exec .* failed: .*)$")


@dataclass(frozen=True)
class Evidence:
    """What a container left behind: how it ended, its files, the last lines of its log.

    Where the job had several, it is the one that decides; `trees` are then the files of all, in their order.
    """

    outcome: JobOutcome
    tree: Path
    log_tail: Sequence[str]
    trees: Sequence[Path] = ()
    instance_type: str = ""

    @property
    def all_trees(self) -> Sequence[Path]:
        """Its own files first, then those of the others."""
        return (self.tree, *(tree for tree in self.trees if tree != self.tree))


def judge(kind: JobKind, job: Job, evidence: Evidence, fidelity: FidelitySettings) -> Ending:
    """The ending of a job whose container ran; exit code 0 alone is success."""
    ending = _from_evidence(kind, job, evidence, fidelity)
    if ending.status == "Failed" and fidelity.upload_outputs_on_failure:
        ending = replace(ending, uploads=True)
    return _with_message(ending, evidence.trees or (evidence.tree,)) if kind == "Processing" else ending


def _from_evidence(kind: JobKind, job: Job, evidence: Evidence, fidelity: FidelitySettings) -> Ending:
    outcome = evidence.outcome
    if outcome.lost or (outcome.exit_code is None and not outcome.stopped):
        return failed(failures.lost_status(outcome.lost or "no reason given"))
    if outcome.stopped:
        # What a training job saves within its grace is kept; what a killed one leaves may be half a file.
        return replace(STOPPED, uploads=kind == "Training" and outcome.exit_code not in (None, _KILLED))
    if outcome.timed_out:
        return _timed_out(kind, job, fidelity)
    if not outcome.exit_code:
        return COMPLETED
    return failed(failures.algorithm_error(_algorithm_text(job, evidence), outcome.exit_code))


def _timed_out(kind: JobKind, job: Job, fidelity: FidelitySettings) -> Ending:
    if kind == "Training":
        return Ending("Stopped", "MaxRuntimeExceeded", uploads=True)
    if fidelity.processing_timeout_status == "Stopped":
        return STOPPED
    return failed(failures.max_runtime_exceeded(job.max_runtime_seconds))


def _algorithm_text(job: Job, evidence: Evidence) -> str:
    outcome, said = evidence.outcome, _first_text(evidence, FAILURE_FILE)
    if outcome.out_of_memory:
        instance_type = evidence.instance_type or job.cluster.groups[0].instance_type
        killed = failures.out_of_memory(instance_type, look_up_instance(instance_type))
        return f"{killed}: {said}" if said else killed
    if outcome.exit_code in failures.NOT_STARTED and (trouble := start_trouble(evidence)):
        return f"{failures.NOT_STARTED[outcome.exit_code]}: {trouble}"
    if not said and _first_text(evidence, MESSAGE_FILE):
        return "See job logs for more information"
    return said


def start_trouble(evidence: Evidence) -> str | None:
    """Why nothing was executed: Docker's words, or those of the init that ran in the entrypoint's stead."""
    if evidence.outcome.start_failure:
        return evidence.outcome.start_failure
    found = (_INIT_FAILED.search(line) for line in evidence.log_tail)
    return next((match.group(1) for match in found if match), None)


def _first_text(evidence: Evidence, container_path: str) -> str:
    """What the container said there, or another of the job's that said anything."""
    said = (_read_text(tree, container_path) for tree in evidence.all_trees)
    return next((text for text in said if text), "")


def _read_text(tree: Path, container_path: str) -> str:
    head = read_head(tree, staged(tree, container_path), failures.LIMIT * 4)
    return head.decode("utf-8", errors="replace")[: failures.LIMIT] if head else ""


def _with_message(ending: Ending, trees: Sequence[Path]) -> Ending:
    """ExitMessage is given with any terminal status; one that is not UTF-8 fails the job.

    Those of several containers are one text, which is then cut.
    """
    heads = (read_head(tree, staged(tree, MESSAGE_FILE), MESSAGE_LIMIT) for tree in trees)
    head = b"".join(head for head in heads if head)[:MESSAGE_LIMIT]
    if not head:
        return ending
    try:
        return replace(ending, exit_message=_decode_head(head))
    except UnicodeDecodeError:
        return replace(ending, status="Failed", failure_reason=failures.message_not_text(), uploads=False)


def _decode_head(head: bytes) -> str:
    """The text of a head that may end in the middle of a character."""
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as broken:
        cut_short = len(head) == MESSAGE_LIMIT and broken.end == len(head) and "end of data" in broken.reason
        if not cut_short:
            raise
        return head[: broken.start].decode("utf-8")
