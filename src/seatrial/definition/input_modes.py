"""Which input modes, data types and wrappings go together in one request; knows requests, no jobs.

The same rules are asked of a definition before its run, and of a request whose expressions have their values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from seatrial.definition.model import Json
from seatrial.definition.requests.rules import Unresolved

Known = Callable[[Json], Json | Unresolved]
_STREAMING = ("Pipe", "FastFile")
_FILES = ("File", "FastFile")
_SOURCE = ("DataSource", "S3DataSource")


@dataclass(frozen=True)
class Fault:
    """What the service would refuse, where in the request it stands, and what to write."""

    where: tuple[str | int, ...]
    message: str
    hint: str


def channel_faults(request: Mapping[str, Json], known: Known) -> Iterator[Fault]:
    """What a training job's channels cannot be together, or each on its own."""
    default = _member(request, "AlgorithmSpecification", "TrainingInputMode")
    channels = list(_items(request.get("InputDataConfig")))
    modes = {index: known(item.get("InputMode") or default) for index, item in channels}
    if all(mode in modes.values() for mode in _STREAMING):
        message = "Cannot use both 'Pipe' and 'FastFile' TrainingInputMode on the same Training Job."
        yield Fault(("InputDataConfig",), message, "use one of them for all channels")
    for index, item in channels:
        for where, message, hint in _of_channel(item, modes[index] or "File", known):
            yield Fault(("InputDataConfig", index, *where), message, hint)


def processing_input_faults(source: Mapping[str, Json], known: Known) -> Iterator[Fault]:
    """What an `S3Input` of a processing job cannot be."""
    mode = known(source.get("S3InputMode") or "File")
    if mode == "File" and known(source.get("S3CompressionType")) == "Gzip":
        message = "S3CompressionType Gzip needs S3InputMode Pipe"
        yield Fault(("S3CompressionType",), message, 'write "S3CompressionType": "None"')


def _of_channel(
    item: Mapping[str, Json], mode: Json | Unresolved, known: Known
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    name = item.get("ChannelName")
    data_type = known(_member(item, *_SOURCE, "S3DataType"))
    augmented = data_type == "AugmentedManifestFile"
    if mode == "FastFile" and data_type == "ManifestFile":
        message = f"channel {name!r}: FastFile reads an S3Prefix, not a ManifestFile"
        yield (*_SOURCE, "S3DataType"), message, 'write "InputMode": "File"'
    if augmented and mode in _FILES:
        message = f"channel {name!r}: AugmentedManifestFile can only be used if its input mode is Pipe"
        yield (*_SOURCE, "S3DataType"), message, 'write "InputMode": "Pipe"'
    if augmented and not _member(item, *_SOURCE, "AttributeNames"):
        message = f"channel {name!r}: an AugmentedManifestFile without AttributeNames gives nothing"
        yield (*_SOURCE,), message, 'add "AttributeNames": ["source-ref", "…"]'
    for member, value in (("CompressionType", "Gzip"), ("RecordWrapperType", "RecordIO")):
        if known(item.get(member)) == value and mode in _FILES:
            message = f"channel {name!r}: {member} {value} needs InputMode Pipe"
            yield (member,), message, f'write "{member}": "None"'


def _items(listing: Json) -> Iterator[tuple[int, Mapping[str, Json]]]:
    for index, item in enumerate(listing if isinstance(listing, list) else ()):
        if isinstance(item, Mapping):
            yield index, item


def _member(value: Json, *path: str) -> Json:
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
