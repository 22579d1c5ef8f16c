"""Makes the images of a trial before its first step, so that no step fails for want of one."""

from __future__ import annotations

from collections.abc import Iterable

from seatrial.app.parts import Parts
from seatrial.app.preflight import Preflight
from seatrial.errors import ImageError
from seatrial.execution import environment_findings
from seatrial.ports.findings import Finding


def missing_images(parts: Parts, flight: Preflight) -> list[Finding]:
    """The images for which there is nothing, each with its remedy; nothing is built."""
    unplanned = {image.uri for image in flight.view.images.values() if image.plan is None}
    return [
        found for refusal in _refusals(parts, sorted(unplanned)) for found in environment_findings(refusal)
    ]


def make_images(parts: Parts, flight: Preflight) -> None:
    """Build or pull each; all that cannot be had are said in one error."""
    refusals = _refusals(parts, dict.fromkeys(image.uri for image in flight.view.images.values()))
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise ImageError(
            "; ".join(refusal.message for refusal in refusals),
            slug="images-unknown",
            where=", ".join(refusal.where or "" for refusal in refusals),
            hint="\n".join(refusal.hint or "" for refusal in refusals),
        )


def _refusals(parts: Parts, uris: Iterable[str]) -> list[ImageError]:
    """Make every image that can be had; why the others cannot."""
    refusals = []
    for uri in uris:
        try:
            parts.images.resolve(uri)
        except ImageError as refusal:
            refusals.append(refusal)
    return refusals
