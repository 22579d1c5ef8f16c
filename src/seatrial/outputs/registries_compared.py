"""Two registries side by side, wherever they come from: as executions that `agreement_of` can compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from seatrial.outputs.agreement import Agreement, agreement_of
from seatrial.outputs.contents import Contents
from seatrial.outputs.info import S3OutputInfo
from seatrial.outputs.origins import Origin
from seatrial.outputs.receipts import objects_of
from seatrial.outputs.registry import S3OutputPathRegistry
from seatrial.outputs.sides import Difference, DifferenceKind, Side

UNKNOWN = "unknown"


def compare_registries(
    first: S3OutputPathRegistry,
    second: S3OutputPathRegistry,
    *,
    prefixes: tuple[str | None, str | None] = (None, None),
    contents: Contents | None = None,
) -> Agreement:
    """What differs in what the two hold: outputs, places, and every object, by key and content.

    Places are compared beneath the `prefixes`, without execution ids and job names. How executions and
    steps ended is not in a registry beyond the steps' own statuses.
    """
    sides = (side_of_registry(first, prefixes[0]), side_of_registry(second, prefixes[1]))
    found = agreement_of(*sides, contents)
    return replace(found, differences=(*_without_objects(*sides), *found.differences))


def _without_objects(first: Side, second: Side) -> Iterator[Difference]:
    """Outputs that a comparison of objects cannot see: those without any, and those only planned."""
    ours, theirs = dict(_outputs(first)), dict(_outputs(second))
    for place in dict.fromkeys((*ours, *theirs)):
        one, other = ours.get(place), theirs.get(place)
        if any(info and objects_of(info) for info in (one, other)):
            continue
        here = first.place(place[0], one.s3_uri) if one else None
        there = second.place(place[0], other.s3_uri) if other else None
        if here != there:
            kind: DifferenceKind = "place" if one and other else "only-in-first" if one else "only-in-second"
            yield Difference(kind, *place, first=here, second=there)


def _outputs(side: Side) -> Iterator[tuple[tuple[str, str], S3OutputInfo]]:
    for step, outputs in side.registry.step_outputs.items():
        for name, info in outputs.items():
            yield (step, name), info


def side_of_registry(registry: S3OutputPathRegistry, prefix: str | None = None) -> Side:
    """An execution of which only its registry is known."""
    metadata = registry.execution_metadata
    execution_id = (metadata.execution_id if metadata else None) or UNKNOWN
    shown = {step: next(iter(outputs.values())) for step, outputs in registry.step_outputs.items() if outputs}
    return Side(
        execution_id=execution_id,
        pipeline_name=metadata.pipeline_name if metadata else UNKNOWN,
        engines=(UNKNOWN,),
        status=UNKNOWN,
        prefix=prefix,
        statuses={step: _told(info, "step_status") or UNKNOWN for step, info in shown.items()},
        jobs={step: name for step, info in shown.items() if (name := _told(info, "job_name"))},
        registry=registry,
        origins={step: _origin(info, execution_id, prefix) for step, info in shown.items()},
        failures={},
        given={step: said for step, info in shown.items() if (said := _told(info, "substitute"))},
    )


def _origin(info: S3OutputInfo, execution_id: str, prefix: str | None) -> Origin:
    source = _told(info, "reused_from")
    return Origin(source.rpartition("/")[2] if source else execution_id, prefix, UNKNOWN)


def _told(info: S3OutputInfo, key: str) -> str | None:
    value = info.metadata.get(key)
    return value if isinstance(value, str) else None
