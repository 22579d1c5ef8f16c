"""Whether the images that stand in here can run the functions of `@step`, looked at before the run.

A function travels as Python's byte code, and the SDK in the container reads what the SDK of the pipeline's
author wrote: both must fit. Of an image that is not ours nothing is known; the SDK's program looks itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from seatrial.dataflow.codes import finding
from seatrial.definition import Step
from seatrial.definition.pointers import child
from seatrial.definition.remote_functions import Argument, RemoteFunction, remote_function
from seatrial.images.recipes import PYTHON_MINOR, RECIPES, Recipe, locked_versions
from seatrial.ports.findings import Finding
from seatrial.reports.plan import PlannedImage

# Since then the SDK 2 tells a payload's integrity without a secret, and refuses what older ones wrote.
_FIRST_SDK = (2, 256)
# Since some version of it the SDK 3 signs payloads, and gives the job the key to see by.
_KEY, _PUBLIC = "REMOTE_FUNCTION_SECRET_KEY", "PUBLIC KEY"


def unfit_functions(steps: Iterable[Step], images: Mapping[str, PlannedImage]) -> Iterator[Finding]:
    """One error for each thing that keeps a function's image from loading it."""
    for step in steps:
        function, image = remote_function(step.arguments), images.get(step.name)
        recipe = _recipe(image.plan.reference) if image and image.plan else None
        if function and image and recipe:
            for argument, said, remedy in _judge(function, recipe, signed=_is_signed(step)):
                yield _finding(
                    step, argument, said, f"{remedy} for {image.uri} under [images] in seatrial.toml"
                )


def _judge(
    function: RemoteFunction, recipe: Recipe, *, signed: bool
) -> Iterator[tuple[Argument | None, str, str]]:
    has = locked_versions(recipe).get("sagemaker")
    if has is None:
        yield function.base, f"{recipe.repository} has no SageMaker SDK to run a function", "name base-python"
        return
    python, sdk = function.python, function.sdk
    if python and isinstance(python.value, str) and python.value != PYTHON_MINOR:
        said = f"the function is one of Python {python.value}, and {recipe.repository} has {PYTHON_MINOR}"
        remedy = f"compile with Python {PYTHON_MINOR} and an image_uri, or name an image of your own"
        yield python, said, remedy
    if sdk and isinstance(sdk.value, str) and not _is_readable(sdk.value, signed=signed):
        said = f"{recipe.repository} cannot read what SDK {sdk.value} wrote of the function"
        yield sdk, said, "compile with a later SDK (2.256, or the newest 3), or name an image of your own"


def _recipe(reference: str) -> Recipe | None:
    name = reference.partition(":")[0]
    return next((recipe for recipe in RECIPES.values() if recipe.repository == name), None)


def _is_readable(version: str, *, signed: bool) -> bool:
    """Whether the SDKs in our image read what this one wrote; a version that is no number is not judged."""
    parts = version.split(".")
    if len(parts) < len(_FIRST_SDK) or not (parts[0].isdigit() and parts[1].isdigit()):
        return True
    return signed if parts[0] == "3" else (int(parts[0]), int(parts[1])) >= _FIRST_SDK


def _is_signed(step: Step) -> bool:
    environment = step.arguments.get("Environment")
    return isinstance(environment, Mapping) and _PUBLIC in str(environment.get(_KEY))


def _finding(step: Step, argument: Argument | None, said: str, hint: str) -> Finding:
    place = child(step.pointer, "Arguments", "AlgorithmSpecification", "ContainerArguments")
    where = child(place, argument.index) if argument else place
    return finding("ST201", f"not supported here: {said}", where=where, step=step.name, hint=hint)
