"""Whether images can run the functions of `@step`, those here and those on AWS, looked at before the run.

A function travels as Python's byte code, and the SDK in the container reads what the SDK of the pipeline's
author wrote: both must fit. Of an image that is neither ours nor AWS's nothing is known; the SDK's program in
it looks itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seatrial.dataflow.codes import finding
from seatrial.definition import Step
from seatrial.definition.pointers import child
from seatrial.definition.remote_functions import Argument, RemoteFunction, remote_function
from seatrial.images.recipes import PYTHON_MINOR, RECIPES, Recipe, locked_versions
from seatrial.images.standins import python_of
from seatrial.images.uri import ImageUri
from seatrial.ports.findings import Finding, Severity
from seatrial.reports.plan import PlannedImage

# Since then the SDK 2 tells a payload's integrity without a secret, and refuses what older ones wrote.
_FIRST_SDK = (2, 256)
# Since some version of it the SDK 3 signs payloads, and gives the job the key to see by.
_KEY, _PUBLIC = "REMOTE_FUNCTION_SECRET_KEY", "PUBLIC KEY"


@dataclass(frozen=True)
class _Misfit:
    """What does not fit, the argument that says it, what to do."""

    said: str
    argument: Argument | None
    remedy: str


def unfit_functions(steps: Iterable[Step], images: Mapping[str, PlannedImage]) -> Iterator[Finding]:
    """One error for each thing that keeps a function from running here, one warning for each image on AWS."""
    refused: dict[tuple[str, str], list[tuple[Step, Argument]]] = {}
    for step in steps:
        function, image = remote_function(step.arguments), images.get(step.name)
        if function is None or image is None:
            continue
        for misfit in _here(step, function, image):
            yield _finding(step, misfit)
        python = _text(function.python)
        if function.python and python and python != (python_of(ImageUri.parse(image.uri)) or python):
            refused.setdefault((image.uri, python), []).append((step, function.python))
    for (uri, python), of in refused.items():
        (step, argument), names = of[0], ", ".join(step.name for step, _ in of)
        yield _finding(step, _there(names, python, ImageUri.parse(uri), argument), Severity.WARNING)


def _here(step: Step, function: RemoteFunction, image: PlannedImage) -> Iterator[_Misfit]:
    recipe = _recipe(image.plan.reference) if image.plan else None
    if recipe is None:
        return
    own = f"name an image of your own for {image.uri} under [images] in seatrial.toml"
    ours = recipe.repository
    if "sagemaker" not in locked_versions(recipe):
        remedy = f"name base-python for {image.uri} under [images] in seatrial.toml"
        yield _Misfit(f"{ours} has no SageMaker SDK to run a function", function.base, remedy)
        return
    python, sdk = _text(function.python), _text(function.sdk)
    if python and python != PYTHON_MINOR:
        said = f"the function is one of Python {python}, and {ours} has {PYTHON_MINOR}"
        remedy = f"compile with Python {PYTHON_MINOR} and an image_uri, or {own}"
        yield _Misfit(said, function.python, remedy)
    if sdk and not _is_readable(sdk, signed=_is_signed(step)):
        said = f"{ours} cannot read what SDK {sdk} wrote of the function"
        remedy = f"compile with a later SDK (2.256, or the newest 3), or {own}"
        yield _Misfit(said, function.sdk, remedy)


def _there(names: str, python: str, uri: ImageUri, argument: Argument) -> _Misfit:
    has = python_of(uri)
    return _Misfit(
        f"{names}: compiled with Python {python}, and {uri.name} on AWS has {has}, which refuses it",
        argument,
        f"compile with Python {has}, or name an image_uri that has Python {python}",
    )


def _recipe(reference: str) -> Recipe | None:
    name = reference.partition(":")[0]
    return next((recipe for recipe in RECIPES.values() if recipe.repository == name), None)


def _text(argument: Argument | None) -> str | None:
    return argument.value if argument and isinstance(argument.value, str) else None


def _is_readable(version: str, *, signed: bool) -> bool:
    """Whether the SDKs in our image read what this one wrote; a version that is no number is not judged."""
    parts = version.split(".")
    if len(parts) < len(_FIRST_SDK) or not (parts[0].isdigit() and parts[1].isdigit()):
        return True
    return signed if parts[0] == "3" else (int(parts[0]), int(parts[1])) >= _FIRST_SDK


def _is_signed(step: Step) -> bool:
    environment = step.arguments.get("Environment")
    return isinstance(environment, Mapping) and _PUBLIC in str(environment.get(_KEY))


def _finding(step: Step, misfit: _Misfit, severity: Severity | None = None) -> Finding:
    place = child(step.pointer, "Arguments", "AlgorithmSpecification", "ContainerArguments")
    return finding(
        "ST240",
        misfit.said,
        where=child(place, misfit.argument.index) if misfit.argument else place,
        severity=severity,
        hint=misfit.remedy,
        step=step.name,
    )
