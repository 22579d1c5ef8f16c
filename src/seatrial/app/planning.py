"""What a run would do and whether it would start, all that keeps it from starting included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from seatrial.app.local_files import adopt_local_files
from seatrial.app.parts import Parts
from seatrial.app.preflight import lost_inputs, missing_inputs, preflight
from seatrial.app.wishes import Wishes
from seatrial.errors import ImageError, SeatrialError
from seatrial.ports.findings import Finding, Severity
from seatrial.reports.plan import PlannedImage, PlanView
from seatrial.reports.refusal import refusal_findings
from seatrial.storage import Seed
from seatrial.storage.sowing import check_seed


def planned(parts: Parts, wishes: Wishes) -> PlanView:
    """The plan; what is refused before anything else is said raises, as it would for a run."""
    flight = preflight(parts, adopt_local_files(parts, wishes))
    view = flight.view
    missing = missing_inputs(view.inputs)
    lost = lost_inputs(parts, view, parts.running_store)
    blocking = (*missing, *lost, *_unsown(flight.seeds), *_imageless(view.images))
    return replace(view, findings=(*view.findings, *blocking), blocking=blocking)


def _unsown(seeds: Iterable[Seed]) -> Iterator[Finding]:
    """What the store would refuse of the seeds."""
    for seed in seeds:
        try:
            check_seed(seed)
        except SeatrialError as refused:
            yield from refusal_findings(refused)


def _imageless(images: Mapping[str, PlannedImage]) -> Iterator[Finding]:
    """One error for each image of which there is none, at the first step that names it; nothing is pulled."""
    told: set[str] = set()
    for step, image in images.items():
        if image.plan is None and image.uri not in told:
            told.add(image.uri)
            yield Finding(
                ImageError.code,
                Severity.ERROR,
                f"no local image stands for {image.uri}",
                where=image.uri,
                hint="name one under [images] in seatrial.toml, or give the step a substitute there "
                "(docs/substitutes.md)",
                step=step,
            )
