"""The codes of what the execution role's policy allows, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind, Severity

PERMISSION_KINDS: tuple[FindingKind, ...] = (
    FindingKind(
        "ST150",
        Severity.ERROR,
        "Access denied",
        "With `--role-policy`: the role may not read an input, write an output, or make a call that a step's "
        "own code made. The statement that is missing is said, or the one that denies it. A warning when the "
        "step succeeded although a call of its own was refused. Before a run it is said of every location "
        "that is known by then.",
        "The role may list s3://data and read `raw/*` there; a step writes to s3://data/runs/7/train.",
        "Add the statement to the role's policy, on AWS and in the file.",
    ),
    FindingKind(
        "ST151",
        Severity.NOTE,
        "Policy left out in part",
        "With `--role-policy`: parts of the policy mean nothing to the local store, so that they allow "
        "nothing here, and statements about other services are not needed. What would make the policy allow "
        "more than on AWS refuses the run instead.",
        "`s3:GetBucketAcl`, which the local store does not have; a statement about `sagemaker:*`.",
        "Nothing to do, unless a step makes such calls.",
    ),
)
