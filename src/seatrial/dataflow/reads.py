"""Where a step names data that it reads, found by the shape of its request and not by its type."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from seatrial.definition import Json, Step
from seatrial.definition.pointers import child
from seatrial.definition.references import expressions, own_values
from seatrial.definition.remote_functions import CODE_CHANNELS, remote_function
from seatrial.definition.tuning_jobs import training_definitions

ReadKind = Literal["data", "code", "model", "json", "mention"]

_MANIFESTS = ("ManifestFile", "AugmentedManifestFile")
_CODE_NAMES = frozenset({"code", "entrypoint"})
_SUBMIT_DIRECTORY = frozenset({"sagemaker_submit_directory", "SAGEMAKER_SUBMIT_DIRECTORY"})


@dataclass(frozen=True)
class Read:
    """One place that names data: the input's name, the location (perhaps an expression), its pointer.

    A `mention` is a location in an argument or variable: the step's own code may read or write it. With
    `one_object` nothing that merely begins alike is meant: the location is a manifest's.
    """

    step: str
    name: str
    kind: ReadKind
    location: Json
    pointer: str
    container_path: str | None = None
    one_object: bool = False


def reads_of(step: Step) -> Iterator[Read]:
    """Every read of the step, in the order of its request."""
    yield from _processing_inputs(step)
    yield from _channels(step)
    yield from _transform_input(step)
    yield from _supplied_baselines(step)
    yield from _submitted_code(step)
    yield from _remote_function(step)
    yield from _training_jobs(step)
    yield from _anywhere(step)
    yield from _mentions(step)


def _processing_inputs(step: Step) -> Iterator[Read]:
    for index, entry in enumerate(_items(step.arguments.get("ProcessingInputs"))):
        stored = _mapping(entry.get("S3Input"))
        name = str(entry.get("InputName", index))
        if "S3Uri" in stored:
            yield Read(
                step.name,
                name,
                "code" if name in _CODE_NAMES else "data",
                stored["S3Uri"],
                _argument(step, "ProcessingInputs", index, "S3Input", "S3Uri"),
                str(stored.get("LocalPath", "")) or None,
                _is_manifest(stored),
            )


def _channels(step: Step) -> Iterator[Read]:
    for index, entry in enumerate(_items(step.arguments.get("InputDataConfig"))):
        source = _mapping(_mapping(entry.get("DataSource")).get("S3DataSource"))
        name = str(entry.get("ChannelName", index))
        if "S3Uri" in source:
            yield Read(
                step.name,
                name,
                "code" if _is_code_channel(name) else "data",
                source["S3Uri"],
                _argument(step, "InputDataConfig", index, "DataSource", "S3DataSource", "S3Uri"),
                f"/opt/ml/input/data/{name}",
                _is_manifest(source),
            )


def _is_manifest(source: Mapping[str, Json]) -> bool:
    return source.get("S3DataType") in _MANIFESTS


def _is_code_channel(name: str) -> bool:
    """SDK v3 ships code as channels of its own; both do so with functions and notebooks."""
    return name in _CODE_NAMES | CODE_CHANNELS or name.startswith("sm_")


def _training_jobs(step: Step) -> Iterator[Read]:
    """What the training jobs of a tuning job read: each definition is most of a request of theirs."""
    root = child(step.pointer, "Arguments")
    for definition in training_definitions(step.arguments):
        members = definition.members
        job = replace(
            step, arguments={**members, "HyperParameters": members.get("StaticHyperParameters") or {}}
        )
        for read in (*_channels(job), *_submitted_code(job), *_mentions(job)):
            place = read.pointer.removeprefix(root).replace("/HyperParameters/", "/StaticHyperParameters/", 1)
            pointer = f"{root}{definition.pointer}{place}"
            yield replace(read, name=definition.input_name(read.name), pointer=pointer)


def _transform_input(step: Step) -> Iterator[Read]:
    source = _mapping(
        _mapping(_mapping(step.arguments.get("TransformInput")).get("DataSource")).get("S3DataSource")
    )
    if "S3Uri" in source:
        pointer = _argument(step, "TransformInput", "DataSource", "S3DataSource", "S3Uri")
        manifest = _is_manifest(source)
        yield Read(step.name, "transform", "data", source["S3Uri"], pointer, one_object=manifest)


def _supplied_baselines(step: Step) -> Iterator[Read]:
    """A check step's own keys; with the check skipped nobody reads them."""
    for file in ("Constraints", "Statistics"):
        key = f"SuppliedBaseline{file}"
        if step.raw.get(key) and step.raw.get("SkipCheck") is not True:
            name = f"baseline_{file.lower()}"
            yield Read(step.name, name, "data", step.raw[key], child(step.pointer, key))


def _submitted_code(step: Step) -> Iterator[Read]:
    for group in ("HyperParameters", "Environment"):
        variables = _mapping(step.arguments.get(group))
        for name in sorted(_SUBMIT_DIRECTORY & variables.keys()):
            location = _decoded(variables[name])
            if not isinstance(location, str) or "://" in location:
                yield Read(step.name, name, "code", location, _argument(step, group, name))


def _remote_function(step: Step) -> Iterator[Read]:
    """The pickled function of `@step`, its arguments, and what other functions returned."""
    function = remote_function(step.arguments)
    if function is None or function.base is None:
        return
    where = _argument(step, "AlgorithmSpecification", "ContainerArguments")
    for name, location in function.payloads.items():
        yield Read(step.name, name, "code", location, child(where, function.base.index))
    for name, argument in function.results.items():
        yield Read(step.name, name, "data", argument.value, child(where, argument.index))


def _anywhere(step: Step) -> Iterator[Read]:
    """Members that mean data wherever they stand: models, metrics and reports, files of Std:JsonGet."""
    for value, pointer in own_values(step):
        for key, location, where in _members(value, pointer):
            if key == "ModelDataUrl":
                yield Read(step.name, _relative(where, step), "model", location, where)
            elif key == "S3Uri" and _is_of_metrics(where):
                yield Read(step.name, _relative(where, step), "data", location, where)
        for function, operand, where in expressions(value, pointer):
            if function == "Std:JsonGet" and isinstance(operand, Mapping) and "S3Uri" in operand:
                yield Read(
                    step.name, "Std:JsonGet", "json", operand["S3Uri"], child(where, "Std:JsonGet", "S3Uri")
                )


def _is_of_metrics(where: str) -> bool:
    """Metrics and baselines; the file that configured a baseline's job is nobody's input."""
    return "/ModelMetrics/" in where or ("/DriftCheckBaselines/" in where and "/ConfigFile/" not in where)


def _mentions(step: Step) -> Iterator[Read]:
    for specification in ("AppSpecification", "AlgorithmSpecification"):
        arguments = _mapping(step.arguments.get(specification)).get("ContainerArguments")
        for index, value in enumerate(arguments if isinstance(arguments, list) else []):
            where = _argument(step, specification, "ContainerArguments", index)
            yield Read(step.name, f"argument {index + 1}", "mention", value, where)
    for group in ("Environment", "HyperParameters"):
        for name, value in _mapping(step.arguments.get(group)).items():
            if name not in _SUBMIT_DIRECTORY:
                yield Read(step.name, name, "mention", _decoded(value), _argument(step, group, name))


def _members(value: Json, pointer: str) -> Iterator[tuple[str, Json, str]]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield key, member, child(pointer, key)
            yield from _members(member, child(pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _members(item, child(pointer, index))


def _decoded(value: Json) -> Json:
    """Framework estimators JSON-encode hyperparameters: the text `"s3://…"`, quotes included."""
    if isinstance(value, str) and value.startswith('"'):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _relative(pointer: str, step: Step) -> str:
    path = pointer.removeprefix(f"{step.pointer}/Arguments/").split("/")
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path).lstrip(".")


def _argument(step: Step, *keys: str | int) -> str:
    return child(step.pointer, "Arguments", *keys)


def _items(value: object) -> list[Mapping[str, Any]]:
    return [_mapping(item) for item in value] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
