"""Which image runs in the place of another, for people and for programs; knows no image by name."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from seatrial.ports.executions import ExecutionRecord
from seatrial.ports.images import ImagePlan, LocalImage
from seatrial.reports.text import shown


def images_of(record: ExecutionRecord) -> list[LocalImage]:
    """What the jobs of an execution ran in."""
    results = (step.result for step in record.steps)
    return [result.image for result in results if result is not None and result.image is not None]


def substitutions(images: Iterable[ImagePlan | LocalImage]) -> dict[str, str]:
    """The image that a definition names, to the local one in its place and what differs; each once."""
    return {
        image.requested: f"{image.reference}: {image.substituted}"
        for image in images
        if image.substituted is not None
    }


def show_substitutions(console: Console, images: Iterable[ImagePlan | LocalImage]) -> bool:
    """A line for each image that another runs for; whether there was one."""
    replaced = {image.requested: image for image in images if image.substituted is not None}
    for image in replaced.values():
        named, runs = without_registry(image.requested), without_tag(image.reference)
        console.print(
            Text.assemble(
                ("image ", "dim"), shown(named), (" → ", "dim"), shown(f"{runs}: {image.substituted}")
            ),
            soft_wrap=True,
        )
    return bool(replaced)


def without_registry(uri: str) -> str:
    """`sagemaker-xgboost:1.7-1`, whatever account and region it lies in."""
    registry, slash, name = uri.partition("/")
    return name if slash and ("." in registry or ":" in registry) else uri


def without_tag(reference: str) -> str:
    """The repository alone, of an image whose tag is a digest of what it was made from."""
    repository, colon, tag = reference.rpartition(":")
    return repository if colon and "/" not in tag and repository.startswith("seatrial/") else reference
