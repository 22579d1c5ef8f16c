"""A training job's channels for learning and validating, which a model reads with the same eyes."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.contents.fitting import columns_said, differ, is_steady, named
from seatrial.dataflow.contents.places import Looked, read
from seatrial.dataflow.flow import Flow
from seatrial.ports.contents import Table
from seatrial.ports.findings import Finding, Severity

_LEARNING = ("train", "training")
_VALIDATING = ("validation", "val", "valid", "eval")
_MOST_NAMED = 5


def channels_agree(flow: Flow) -> Iterator[Finding]:
    """One finding for each training job whose two channels are one table each, of different columns."""
    by_step: dict[str, dict[str, Looked]] = {}
    for looked in read(flow):
        by_step.setdefault(looked.step, {})[looked.place[1]] = looked
    for name, inputs in by_step.items():
        step = flow.definition.step(name)
        if step is not None and step.type == "Training":
            learning = next((inputs[each] for each in _LEARNING if each in inputs), None)
            validating = next((inputs[each] for each in _VALIDATING if each in inputs), None)
            if learning and validating:
                yield from _compared(learning, validating)


def _compared(learning: Looked, validating: Looked) -> Iterator[Finding]:
    one, other = _only(learning), _only(validating)
    if one is None or other is None or one.header != other.header or one.format != other.format:
        return
    beside = repr(learning.place[1])
    code, severity = "ST131", Severity.ERROR
    said = _missing(one, other, beside)
    if not said:
        code, severity = "ST132", Severity.WARNING
        said = _changed(one, other, beside)
    if said:
        yield finding(
            code,
            f"{validating.said}, and {said}",
            where=validating.where,
            step=validating.step,
            severity=severity,
            also=learning.where,
            expected=columns_said(one.columns),
            observed=columns_said(other.columns),
            hint="write both with the same columns: the model is validated on what it learnt from",
        )


def _missing(one: Table, other: Table, beside: str) -> str:
    by_name = one.header is None or (one.header and one.sure and other.sure)
    if not by_name:
        counts = len(other.columns), len(one.columns)
        return "" if counts[0] == counts[1] else f"it has {counts[0]} columns where {beside} has {counts[1]}"
    ours, theirs = {c.name: c for c in one.columns}, {c.name: c for c in other.columns}
    lacks = [name for name in ours if name not in theirs and is_steady(ours[name], one)]
    more = [name for name in theirs if name not in ours and is_steady(theirs[name], other)]
    said = [f"it lacks {named(lacks)}, which {beside} has"] if lacks else []
    said += [f"it has {named(more)}, which {beside} lacks"] if more else []
    return "; ".join(said)


def _changed(one: Table, other: Table, beside: str) -> str:
    theirs = {column.name: column.type for column in other.columns}
    changed = [
        f"{column.name!r} is {theirs[column.name]} where it is {column.type} in {beside}"
        for column in one.columns
        if column.name in theirs
        and differ(column.type, theirs[column.name])
        and "text" in (column.type, theirs[column.name])
    ]
    return "; ".join(changed[:_MOST_NAMED])


def _only(looked: Looked) -> Table | None:
    tables = [table for table in looked.profile.tables if table.columns]
    return tables[0] if len(tables) == 1 and not looked.profile.left_out else None
