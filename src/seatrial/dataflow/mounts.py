"""What a step has in its container, and how its script is called, by the shape of its request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from seatrial.dataflow.flow import Plan
from seatrial.dataflow.places import within
from seatrial.definition import Step
from seatrial.definition.pointers import child
from seatrial.outputs import declared_outputs, text_of

CHANNELS = "/opt/ml/input/data"
# What the SDK calls the inputs and channels in which it brings scripts, and what starts them.
_CODE = frozenset({"code", "entrypoint", "sm_drivers"})
_PLATFORM = ("SM_", "AWS_", "SAGEMAKER_", "TRAINING_JOB_", "PROCESSING_JOB_")
_PLATFORMS_OWN = frozenset({"PATH", "HOME", "HOSTNAME", "PYTHONPATH"})


@dataclass(frozen=True)
class Mount:
    """One folder of a container that an input or output fills; `code` is where a script comes from."""

    name: str
    path: str
    pointer: str
    code: bool = False

    def covers(self, wanted: str) -> bool:
        """Whether that path is this folder, or is in it."""
        return within(wanted, self.path)


@dataclass(frozen=True)
class Section:
    """Everything of one kind that a step has; `pointer` is where more of it would stand.

    `given` are folders that a container has without the definition saying so, `above` those that hold
    nothing but the mounts; with `nested` what lies in a folder may be asked for by the folder.
    """

    pointer: str
    mounts: tuple[Mount, ...]
    given: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    nested: bool = False

    def named(self, name: str) -> Mount | None:
        """The mount of that name."""
        return next((mount for mount in self.mounts if mount.name == name), None)

    def has(self, path: str) -> bool:
        """Whether the container has that path, under whatever name."""
        if path.rstrip("/") in self.above or any(within(path, folder) for folder in self.given):
            return True
        return any(mount.covers(path) or within(mount.path, path) for mount in self.mounts)


def inputs_of(plan: Plan, step: Step) -> Section:
    """Inputs of a processing job, channels of a training job."""
    if step.type == "Training":
        channels = enumerate(_items(step.arguments.get("InputDataConfig")))
        mounts = (
            Mount(
                name := str(entry.get("ChannelName", index)),
                f"{CHANNELS}/{name}",
                _at(step, "InputDataConfig", index),
                code=name in _CODE,
            )
            for index, entry in channels
        )
        given, above = ("/opt/ml/input/config", "/opt/ml/code"), (CHANNELS, "/opt/ml/input")
        return Section(_at(step, "InputDataConfig"), tuple(mounts), given, above, nested=True)
    return Section(_at(step, "ProcessingInputs"), tuple(_processing_inputs(plan, step)), ("/opt/ml/config",))


def outputs_of(plan: Plan, step: Step) -> Section:
    """Outputs of a processing job; of a training job its model and the folders that are packed besides."""
    mounts = tuple(
        Mount(output.name, output.container_path, output.pointer)
        for output in declared_outputs(step)
        if output.container_path
    )
    if step.type == "Training":
        given = ("/opt/ml/model", "/opt/ml/output")
        return Section(_at(step, "OutputDataConfig"), mounts, given, nested=True)
    return Section(_at(step, "ProcessingOutputConfig", "Outputs"), mounts)


def variables_of(step: Step) -> frozenset[str]:
    """The environment variables that the step sets."""
    return frozenset(_mapping(step.arguments.get("Environment")))


def set_by_the_platform(variable: str) -> bool:
    """Whether the service or its images set a variable of that name."""
    return variable in _PLATFORMS_OWN or variable.startswith(_PLATFORM)


def arguments_of(step: Step) -> frozenset[str]:
    """The names of the arguments, as `argument_name` writes them."""
    # Short options of an entrypoint are its program's: `python3 -c`.
    words = [*_words(step, "ContainerArguments"), *(w for w in _words(step) if w.startswith("--"))]
    options = [word.partition("=")[0] for word in words if word.startswith("-")]
    # A processing job has no hyperparameters.
    return frozenset(map(argument_name, [*options, *_mapping(step.arguments.get("HyperParameters"))]))


def argument_name(text: str) -> str:
    """`--job_type` and `job-type` are one argument."""
    return text.lstrip("-").replace("_", "-")


def scripts_of(step: Step) -> frozenset[str]:
    """The Python files that the step says it runs; none where the image or a bundle decides."""
    program = _mapping(step.arguments.get("HyperParameters")).get("sagemaker_program")
    words = [*_words(step), *_words(step, "ContainerArguments")]
    if isinstance(program, str):
        words.append(program.strip('"'))
    return frozenset(PurePosixPath(word).name for word in words if word.endswith(".py"))


def _words(step: Step, member: str = "ContainerEntrypoint") -> list[str]:
    of = "AlgorithmSpecification" if step.type == "Training" else "AppSpecification"
    called = _mapping(step.arguments.get(of))
    return [word for word in _sequence(called.get(member)) if isinstance(word, str)]


def _processing_inputs(plan: Plan, step: Step) -> Iterator[Mount]:
    for index, entry in enumerate(_items(step.arguments.get("ProcessingInputs"))):
        name = str(entry.get("InputName", index))
        for kind in ("S3Input", "DatasetDefinition"):
            path = text_of(_mapping(entry.get(kind)).get("LocalPath", ""), plan.known)
            if path.text and path.complete:
                pointer = _at(step, "ProcessingInputs", index, kind, "LocalPath")
                yield Mount(name, path.text, pointer, code=name in _CODE)


def _at(step: Step, *keys: str | int) -> str:
    return child(step.pointer, "Arguments", *keys)


def _items(value: object) -> list[Mapping[str, Any]]:
    return [item for item in _sequence(value) if isinstance(item, Mapping)]


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
