"""Makes the images of a trial before its first step, so that no step fails for want of one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from seatrial.app.parts import Parts
from seatrial.app.served_models import images_served
from seatrial.app.substitution.needs import steps_at_work
from seatrial.app.substitution.suggesting import suggested
from seatrial.definition import PipelineDefinition, Step
from seatrial.engines.substitutes import image_of_substitute
from seatrial.errors import ImageError
from seatrial.execution import STEP_TYPES, environment_findings
from seatrial.execution.steps.job import JobStep
from seatrial.outputs import Known, text_of
from seatrial.ports.findings import Finding
from seatrial.ports.substitutes import Substitute
from seatrial.reports.plan import PlannedImage
from seatrial.settings import Settings


def planned_images(
    parts: Parts,
    definition: PipelineDefinition,
    steps: Iterable[Step],
    known: Known,
    substitutes: Mapping[str, Substitute] = MappingProxyType({}),
) -> Iterator[tuple[str, PlannedImage]]:
    """The images that are known before the run: a step's own under its name, further ones beside it.

    A step whose outcome is given needs none, and one that runs in another image that one.
    """
    for step in steps_at_work(steps, substitutes):
        another = image_of_substitute(substitutes[step.name]) if step.name in substitutes else None
        if another is not None:
            yield step.name, PlannedImage(another, parts.images.plan(another))
            continue
        step_type = STEP_TYPES[step.type]
        own = step_type.images(step) if isinstance(step_type, JobStep) else ()
        named = (*own, *images_served(step, definition))
        for number, image in enumerate(named, start=1):
            if text_of(image, known).complete:
                uri = text_of(image, known).text
                name = step.name if number == 1 else f"{step.name} (container-{number})"
                yield name, PlannedImage(uri, parts.images.plan(uri))


def missing_images(parts: Parts, images: Mapping[str, PlannedImage]) -> list[Finding]:
    """Those for which there is nothing, each with its remedy; nothing is built."""
    unplanned = {image.uri for image in images.values() if image.plan is None}
    return [
        found for refusal in _refusals(parts, sorted(unplanned)) for found in environment_findings(refusal)
    ]


def make_images(
    parts: Parts, images: Mapping[str, PlannedImage], definition: PipelineDefinition | None = None
) -> None:
    """Build or pull each; all that cannot be had are said in one error.

    Of a `definition` that is about to begin, the substitutes that would do without them are suggested: an
    execution that goes on takes no new ones.
    """
    refusals = _refusals(parts, dict.fromkeys(image.uri for image in images.values()))
    if definition is not None:
        for refusal in refusals:
            way_out = _way_out(refusal, images, parts.settings, definition)
            refusal.hint = "\n".join(filter(None, (refusal.hint, way_out)))
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise ImageError(
            "; ".join(refusal.message for refusal in refusals),
            slug="images-unknown",
            where=", ".join(refusal.where or "" for refusal in refusals),
            hint="\n".join(refusal.hint or "" for refusal in refusals),
        )


def _way_out(
    refusal: ImageError,
    images: Mapping[str, PlannedImage],
    settings: Settings,
    definition: PipelineDefinition,
) -> str | None:
    """The substitute that does without the image, for the first step that names it.

    The settings may have one for nearly that name, which is then told: it may be a slip.
    """
    names = (name.partition(" (")[0] for name, image in images.items() if image.uri == refusal.where)
    step = definition.step(next(names, ""))
    if step is None:
        return None
    near = difflib.get_close_matches(step.name, settings.substitutes, n=1)
    meant = f"; the settings have one for {near[0]!r}" if near else ""
    return f"or give the step's outcome there (docs/substitutes.md){meant}:\n{suggested(step, definition)}"


def _refusals(parts: Parts, uris: Iterable[str]) -> list[ImageError]:
    """Make every image that can be had; why the others cannot."""
    refusals = []
    for uri in uris:
        try:
            parts.images.resolve(uri)
        except ImageError as refusal:
            refusals.append(refusal)
    return refusals
