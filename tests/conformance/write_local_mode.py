"""Writes `docs/local-mode.md` from the tables: `python -m tests.conformance.write_local_mode`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.engines.local_mode.unsupported import UNSUPPORTED
from seatrial.engines.local_mode.without_effect import WITHOUT_EFFECT
from seatrial.engines.reasons import Reason
from seatrial.ports.jobs import JobKind
from tests.conformance.known_differences import DIFFERENCES, Difference
from tests.conformance.write_fidelity import ROOT

TARGET = ROOT / "docs" / "local-mode.md"

_OPENING = """\
# The engine `local-mode`

```
seatrial run pipeline.py --engine local-mode
```

Each processing and training job goes through the SageMaker SDK's own local mode (`LocalSagemakerClient` of
version 2); everything above a job, from the definition to the data flow, is seatrial's. It is there to hold
the engine `native` against: `seatrial compare` says whether two runs did the same. To run a pipeline,
`native` is the better choice.

Written by `python -m tests.conformance.write_local_mode`; the tables are held by the conformance cases,
each of which runs under both engines.

## What it needs

- The SDK: `pip install 'seatrial[sdk-v2]'`. Version 3 has no local mode for whole jobs.
- Docker's command line and Docker Compose. On Debian and Ubuntu root has it installed by `seatrial doctor
  --fix`, or by the first run with this engine; elsewhere the error says what to type.
- Docker Engine on this very machine: local mode mounts folders of its own by their path. A path with `:` or
  `$` in it cannot be mounted (the setting `state_dir`).

## How a job runs

- In a process of its own, several at the same time if the pipeline allows it. The process gets the request
  on a pipe; it has `PATH` and Docker's variables from the caller's environment, nothing of AWS, and sends
  no telemetry. When seatrial is killed, it ends as well.
- What it prints is the job's log: Docker Compose's lines, each with the name of its container. Metrics are
  searched for there, as `native` does; local mode itself has none.
- Containers get the network `sagemaker-local`, made by us for as long as a job needs it. The store's
  container joins it, and `AWS_ENDPOINT_URL_S3` and `S3_ENDPOINT_URL` name its address there; local mode
  puts temporary keys of the store into the environment. Values with `$` arrive as they were written.
- The image is the one that `native` would take.
- `inputdataconfig.json` has `S3DistributionType` for each channel, which local mode leaves out and the
  XGBoost images cannot do without: this one thing is added.
- The SDK mounts nothing beneath `/root`, `/etc`, `/var/lib` and the like; the attempt's own folder is taken
  from that list, wherever the project lies.
- Containers, the network and the temporary files of a job are removed at its end. What a killed seatrial
  left of them, `seatrial clean` removes, and the next run by this engine.
- The SDK is imported for every job, which takes two to three seconds.

## Receipts

What a job read is listed before it starts; what lies under each output is listed before and after it. Of
the second list, this attempt wrote what local mode uploaded: the job's process notes each upload that the
store acknowledged, so an object that was written again unchanged counts, and a neighbour's object under the
same prefix does not. If that word is lost with the process, what is new or has another content counts. What
a failed job has uploaded is told as well. Files that are lost with a container are not noticed.

## How a job ends

- Failed: `FailureReason` is local mode's own sentence.
- Local mode takes Docker Compose's exit code 130 for a success; here the container's own code must be 0 as
  well.
- A job whose process ended without an answer has failed, whatever its container did.
- Stopped: process and containers are killed at once, without a time to save anything.
- No limit is set: neither memory nor CPUs of the instance type, nor the time in `StoppingCondition`.
- Links in an output are followed, on this machine: a container can have files of yours uploaded that way.
  Do not run what you do not trust.
"""

_REFUSED = """\
## What is refused before a run

Local mode refuses a few of these in the middle of a run; most it ignores, and the result would not be
what the definition says. Many are refused with some values only: a whole bucket as an `S3Uri`, names with
`:`, `$` or `..`, `ContainerArguments` without a `ContainerEntrypoint` (the first line of each list).
`seatrial plan --engine local-mode` says which, where and why.
"""

_IGNORED = """\
## What is accepted without effect
"""

_DIFFERENT = """\
## How it differs from the service

Cases of `tests/conformance/jobs`; those that are not named here come out as under `native`.

| case | what differs | why |
|---|---|---|"""


def document() -> str:
    """The whole text."""
    return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    yield _OPENING
    yield _REFUSED
    yield from _members(UNSUPPORTED)
    yield ""
    yield _IGNORED
    yield from _members(WITHOUT_EFFECT)
    yield ""
    yield _DIFFERENT
    for case, difference in DIFFERENCES["local-mode"].items():
        link = f"[{case}](../tests/conformance/jobs/{case})"
        if isinstance(difference, Difference):
            members = ", ".join(f"`{name}`" for name in difference.members)
            yield f"| {link} | {members} | {difference.reason} |"
        else:
            yield f"| {link} | refused | `{difference.member}` |"


def _members(tables: Mapping[JobKind, Mapping[str, Reason]]) -> Iterator[str]:
    for kind, table in tables.items():
        yield f"- {kind}: " + ", ".join(f"`{pointer}`" for pointer in table)


if __name__ == "__main__":
    TARGET.write_text(document())
