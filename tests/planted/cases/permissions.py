"""Faults of the execution role's policy: the pipeline is the same, its role may do less."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from seatrial.definition import PipelineDefinition
from seatrial.ports.findings import Finding
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.planted.case import Planted, written_by
from tests.planted.cases.observed import _CODE as OBJECTS
from tests.planted.cases.observed import _IMPORT as IMPORT
from tests.planted.sea import Sea

_RAW = "arn:aws:s3:::planted-raw"
_LISTS: dict[str, Any] = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": _RAW}
_READS: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{_RAW}/in/*"}
_RUNS: dict[str, Any] = {
    "Effect": "Allow",
    "Action": ["s3:ListBucket", "s3:GetObject", "s3:PutObject"],
    "Resource": ["arn:aws:s3:::planted", "arn:aws:s3:::planted/*"],
}
_NO_TRAIN = {"Sid": "NoTrain", "Effect": "Deny", "Action": "s3:Put*", "Resource": "arn:aws:s3:::*/train/*"}
_NO_TEST = {**_NO_TRAIN, "Resource": "arn:aws:s3:::*/test/*"}
_OF_INPUTS = {"Condition": {"StringLike": {"s3:prefix": "in/*"}}}
_COPIED = "p='/opt/ml/processing/';open(p+'train/a.csv','w').write(open(p+'input/raw/a.csv').read())"
_LISTS_ALL = "call('GET','/planted-raw',query='list-type=2');"


def _prepares(own_calls: str = "") -> PipelineDefinition:
    """Prepare reads from a bucket of its own, and writes beneath the prefix."""
    code = {"code": join(PREFIX, "code", "s3.py")} if own_calls else {}
    return pipeline(
        processing(
            "Prepare",
            {"raw": "s3://planted-raw/in/", **code},
            {"train": join(PREFIX, "train")},
            image="python",
            script=IMPORT + own_calls + _COPIED if own_calls else written_by({"train/a.csv": "1,2\n"}),
        )
    )


def _under_its_policy(sea: Sea, definition: PipelineDefinition, prefix: str) -> tuple[Finding, ...]:
    """The faulty run has the faulty policy."""
    parts = sea.parts(role_policy=[Path(f"{prefix.rpartition('/')[2]}.json")])
    return sea.run(parts, definition, prefix).findings


def _case(
    name: str,
    fault: str,
    *,
    faulty: list[dict[str, Any]],
    sound: list[dict[str, Any]],
    own_calls: str = "",
    code: str = "ST150",
) -> Planted:
    return Planted(
        code=code,
        name=name,
        fault=fault,
        faulty=lambda: _prepares(own_calls),
        sound=lambda: _prepares(own_calls),
        objects={**OBJECTS, "s3://planted-raw/in/a.csv": b"1,2\n"},
        files={
            f"{kind}.json": json.dumps({"Version": "2012-10-17", "Statement": statements})
            for kind, statements in (("faulty", faulty), ("sound", sound))
        },
        judge=_under_its_policy,
    )


CASES = (
    _case(
        "listing-denied",
        "The role may read an input's objects; its ListBucket names them too, where it must name the bucket.",
        faulty=[{**_LISTS, "Resource": f"{_RAW}/*"}, _READS, _RUNS],
        sound=[_LISTS, _READS, _RUNS],
    ),
    _case(
        "input-denied",
        "The role may list an input's bucket, and read beside the input.",
        faulty=[_LISTS, {**_READS, "Resource": f"{_RAW}/raw/*"}, _RUNS],
        sound=[_LISTS, _READS, _RUNS],
    ),
    _case(
        "output-denied",
        "A Deny of the role is about an output's folder.",
        faulty=[_LISTS, _READS, _RUNS, _NO_TRAIN],
        sound=[_LISTS, _READS, _RUNS, _NO_TEST],
    ),
    _case(
        "own-call-denied",
        "Prepare's own code lists a whole bucket, of which the role may list a part.",
        faulty=[{**_LISTS, **_OF_INPUTS}, _READS, _RUNS],
        sound=[_LISTS, _READS, _RUNS],
        own_calls=_LISTS_ALL,
    ),
    _case(
        "left-out",
        "The policy allows an action that the local store does not have.",
        faulty=[_LISTS, _READS, {**_RUNS, "Action": [*_RUNS["Action"], "s3:GetBucketAcl"]}],
        sound=[_LISTS, _READS, _RUNS],
        code="ST151",
    ),
)
