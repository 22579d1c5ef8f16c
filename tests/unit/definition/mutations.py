"""Documents of the corpus with damage done to them, as no compiler would but a hand or a merge might."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator

from hypothesis import strategies as st

from seatrial.definition import Json
from tests.unit.definition.documents import CORPUS

DOCUMENTS = [json.loads(path.read_bytes()) for path in sorted(CORPUS.glob("*/definition.json"))]
_DEEP = 60


def _nested(kind: str) -> Json:
    value: Json = "x"
    for _ in range(_DEEP):
        value = [value] if kind == "list" else {kind: value}
    return value


FRAGMENTS: list[Json] = [
    None,
    True,
    0,
    -1,
    0.5,
    10**30,
    "",
    "x",
    "s3://",
    "s3://bucket/\ud800",
    "arn:aws:sagemaker:us-east-1:123456789012:model/x",
    [],
    {},
    [[]],
    {"Get": 1},
    {"Get": "Steps"},
    {"Get": "Steps.Train.["},
    {"Get": "Parameters.EXECUTION_S3_PREFIX"},
    {"Get": "Execution.PipelineExecutionId"},
    {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
    {"Get": "Steps.Preprocess.ProcessingOutputConfig.Outputs['x'][0]"},
    {"Get": "Steps.Decide.Outcome.X[0]"},
    {"Get": "Steps.Preprocess.PropertyFiles."},
    {"Std:Join": None},
    {"Std:Join": {"On": [], "Values": [{}]}},
    {"Std:JsonGet": {"PropertyFile": {"Get": "x"}, "Path": ""}},
    {"Std:JsonGet": []},
    {"Std:": {}},
    {"Type": "Not"},
    {"Type": {}},
    {"Name": "Train", "Type": "Condition", "Arguments": {"IfSteps": {}}},
    {"Name": "Train", "Type": "AutoML", "Arguments": {}},
    _nested("list"),
    _nested("Get"),
    _nested("Std:Join"),
    _nested("IfSteps"),
]

Path = tuple[str | int, ...]


def places(value: Json, path: Path = ()) -> Iterator[Path]:
    """The way to every member and item."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        yield (*path, key)
        yield from places(member, (*path, key))


PLACES = [list(places(document)) for document in DOCUMENTS]
_STEP_TYPES = ("Processing", "Training", "Transform", "Condition", "Fail", "Model", "RegisterModel", "AutoML")


@st.composite
def mutated(draw: st.DrawFn) -> Json:
    """A corpus document with up to four of its values replaced, removed, swapped or renamed."""
    index = draw(st.integers(0, len(DOCUMENTS) - 1))
    document = copy.deepcopy(DOCUMENTS[index])
    for path in draw(st.lists(st.sampled_from(PLACES[index]), min_size=1, max_size=4)):
        holder = holder_of(document, path)
        if holder is None:
            continue
        how = draw(st.sampled_from(("remove", "replace", "replace", "swap", "rename", "retype")))
        if how == "remove":
            del holder[path[-1]]
        elif how == "swap":
            _swap(document, path, draw(st.sampled_from(PLACES[index])))
        elif how == "rename":
            holder[path[-1]] = _renamed(holder[path[-1]])
        elif how == "retype" and path[-1] == "Type":
            holder["Type"] = draw(st.sampled_from(_STEP_TYPES))
        else:
            holder[path[-1]] = copy.deepcopy(draw(st.sampled_from(FRAGMENTS)))
    return document


def holder_of(document: Json, path: Path) -> Json:
    """What holds the last key of the path; None where an earlier change took it away."""
    for key in path[:-1]:
        document = document[key] if _has(document, key) else None
    return document if _has(document, path[-1]) else None


def _has(holder: Json, key: str | int) -> bool:
    if isinstance(holder, dict):
        return key in holder
    return isinstance(holder, list) and isinstance(key, int) and key < len(holder)


def _swap(document: Json, one: Path, other: Path) -> None:
    """Put copies of two values in each other's place."""
    first, second = holder_of(document, one), holder_of(document, other)
    if first is not None and second is not None:
        values = copy.deepcopy((second[other[-1]], first[one[-1]]))
        first[one[-1]] = values[0]
        second = holder_of(document, other)
        if second is not None:
            second[other[-1]] = values[1]


def _renamed(value: Json) -> Json:
    """A text, or all texts inside, with a letter more in each name: references then lead nowhere."""
    return json.loads(re.sub(r"(Steps\.[A-Za-z]+|Outputs\['\w+)", r"\1x", json.dumps(value)))
