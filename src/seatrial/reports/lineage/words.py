"""How lineage is said in few words: short digests, the names of packages and of places."""

from __future__ import annotations

from seatrial.dataflow import Lineage
from seatrial.dataflow.lineage import (
    Decision,
    LineageCode,
    LineageImage,
    LineageObject,
    LineageStep,
    ModelPackage,
)
from seatrial.reports.text import size_text

_SHORT = 8


def short(digest: str | None) -> str:
    """The beginning of a digest or ETag: enough to compare by eye."""
    return (digest or "").removeprefix("sha256:")[:_SHORT]


def package_name(package: ModelPackage) -> str:
    """`Group/1`."""
    return package.arn.partition(":model-package/")[2] or package.arn


def place_text(uri: str, lineage: Lineage) -> str:
    """A location; beneath the execution's prefix without it."""
    prefix = (lineage.prefix or "").rstrip("/")
    return f"…/{uri[len(prefix) + 1 :]}" if prefix and uri.startswith(f"{prefix}/") else uri


def objects_text(objects: tuple[LineageObject, ...]) -> str:
    """How many, how large, and which if it is one."""
    if not objects:
        return ""
    size = size_text(sum(found.size for found in objects))
    if len(objects) == 1:
        return f"{size}, etag {short(objects[0].etag)}"
    return f"{len(objects)} objects, {size}"


def image_text(image: LineageImage) -> str:
    """What ran, and that it stands in for another if it does."""
    ran = f"{image.reference} ({short(image.image_id)})"
    return f"{ran}, a stand-in" if image.substituted else ran


def code_text(code: LineageCode) -> str:
    """The digest that tells the code: an archive's by what it holds."""
    digest = code.content_sha256 or code.sha256
    if digest is None:
        return f"{code_name(code)}: {code.note or 'no digest'}"
    return f"{code_name(code)} sha256 {short(digest)}"


def code_name(code: LineageCode) -> str:
    """The file's name, or the function's; a command has none."""
    if code.uri:
        return code.uri.rstrip("/").rpartition("/")[2]
    return "command" if code.command else code.name.rpartition(":")[2]


def origin_text(step: LineageStep) -> str:
    """Where a step's outcome is from, if it did not run itself."""
    if step.reused_from:
        return f"reused from execution {step.reused_from}"
    return f"substituted: {step.substitute}" if step.substitute else ""


def decision_lines(decision: Decision) -> list[str]:
    """Each value that was read, and what it was."""
    return [
        f"{read.path} = {read.value}"
        if read.value is not None
        else f"{read.path}: {read.note or 'not known'}"
        for read in decision.read
    ]
