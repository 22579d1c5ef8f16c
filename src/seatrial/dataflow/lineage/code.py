"""The code that a step ran, told apart by content: objects, archives, commands; and a digest of settings."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.lineage.model import CodeFile, LineageCode, LineageEntry, LineageObject
from seatrial.dataflow.lineage.stored import NO_STORE, content_of
from seatrial.ports.executions import StepRecord

_SPECIFICATIONS = ("AppSpecification", "AlgorithmSpecification")
_SETTINGS = ("HyperParameters", "StaticHyperParameters", "Environment")
# They say where the code lies; what it is has a digest of its own.
_PLACES_OF_CODE = frozenset({"sagemaker_submit_directory", "SAGEMAKER_SUBMIT_DIRECTORY"})

_PIECE = 1 << 20
_NOT_UNPACKED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)

MOST_READ = 100
"""Objects of one code input that are read for their digests; a folder may hold much besides code."""


def code_of(flow: Flow, step: StepRecord, entries: Sequence[LineageEntry]) -> tuple[LineageCode, ...]:
    """All code of a step: the objects of its code inputs, then the command of its container."""
    objects = (
        _object(flow, entry, stored) if number < MOST_READ else _unread(entry, stored, "one of too many")
        for entry in entries
        for number, stored in enumerate(entry.objects)
    )
    why = "not in the store" if flow.list_objects else NO_STORE
    unseen = (LineageCode(name=e.to_input, uri=e.s3_uri, note=why) for e in entries if not e.objects)
    return (*objects, *unseen, *_function(step), *_commands(step))


def settings_sha256(flow: Flow, step: StepRecord) -> str | None:
    """One digest of all that a step was told besides data and code; None for a step that is told nothing.

    What only this execution is called is left out, so that the same settings have the same digest.
    """
    told: dict[str, Any] = {}
    for group in _SETTINGS:
        values = step.properties.get(group)
        if isinstance(values, Mapping):
            told[group] = {name: value for name, value in values.items() if name not in _PLACES_OF_CODE}
    for specification in _SPECIFICATIONS:
        arguments = _mapping(step.properties.get(specification)).get("ContainerArguments")
        if arguments:
            told["ContainerArguments"] = arguments
    if not any(told.values()):
        return None
    text = json.dumps(told, sort_keys=True)
    for own in _own_names(flow, step):
        text = text.replace(own, "")
    return hashlib.sha256(text.encode()).hexdigest()


def _own_names(flow: Flow, step: StepRecord) -> list[str]:
    """What the execution and its jobs are called, or the one that the step's outcome is of; longest first."""
    record = flow.record
    ids = (record.execution_id, *((step.reuse.source_id,) if step.reuse else ()))
    prefixes = ((record.prefix or "").replace(record.execution_id, each) for each in ids)
    jobs = (each.job_name or "" for each in record.steps)
    return sorted(filter(None, {*ids, *prefixes, *jobs}), key=len, reverse=True)


def _object(flow: Flow, entry: LineageEntry, stored: LineageObject) -> LineageCode:
    content, why_not = content_of(flow, stored)
    if content is None:
        return _unread(entry, stored, why_not)
    files = tuple(sorted(_files(content), key=lambda file: file.name))
    return LineageCode(
        name=entry.to_input,
        uri=stored.uri,
        etag=stored.etag,
        sha256=hashlib.sha256(content).hexdigest(),
        content_sha256=_whole(files) if files else None,
        files=files,
        note=None if stored.recorded else "as the store has it now; the container fetched it by itself",
    )


def _unread(entry: LineageEntry, stored: LineageObject, why: str | None) -> LineageCode:
    return LineageCode(name=entry.to_input, uri=stored.uri, etag=stored.etag, note=why)


def _whole(files: Iterable[CodeFile]) -> str:
    listed = "".join(f"{file.sha256}  {file.name}\n" for file in files)
    return hashlib.sha256(listed.encode()).hexdigest()


def _files(content: bytes) -> list[CodeFile]:
    """The files of a tar or zip archive: packed again, it is another object with the same code."""
    packed = io.BytesIO(content)
    try:
        return list(_zipped(packed) if zipfile.is_zipfile(packed) else _tarred(packed))
    except _NOT_UNPACKED:
        return []  # no archive, or one that nobody can unpack: the digest of the object says all


def _zipped(packed: io.BytesIO) -> Iterator[CodeFile]:
    with zipfile.ZipFile(packed) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                with archive.open(member) as data:
                    yield CodeFile(name=member.filename, sha256=_sha256_of(data))


def _tarred(packed: io.BytesIO) -> Iterator[CodeFile]:
    packed.seek(0)
    with tarfile.open(fileobj=packed) as archive:
        for member in archive:
            data = archive.extractfile(member) if member.isfile() else None
            if data is not None:
                yield CodeFile(name=member.name.removeprefix("./"), sha256=_sha256_of(data))


def _sha256_of(data: IO[bytes]) -> str:
    """Piece by piece: a small archive may hold a large file."""
    digest = hashlib.sha256()
    while piece := data.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _function(step: StepRecord) -> Iterator[LineageCode]:
    """What a Lambda step called; Lambda writes the digest of its zip in base 64."""
    described = step.result.describe if step.result else {}
    digest = described.get("CodeSha256")
    if isinstance(digest, str):
        yield LineageCode(
            name=str(described.get("FunctionName", "function")), sha256=base64.b64decode(digest).hex()
        )


def _commands(step: StepRecord) -> Iterator[LineageCode]:
    for specification in _SPECIFICATIONS:
        command = _mapping(step.properties.get(specification)).get("ContainerEntrypoint")
        if isinstance(command, list | tuple) and command:
            words = tuple(map(str, command))
            digest = _sha256(json.dumps(words).encode())
            yield LineageCode(name="ContainerEntrypoint", sha256=digest, command=words)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
