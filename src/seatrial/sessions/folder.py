"""A compiled pipeline as a folder that runs anywhere: definition, objects, local data, seeds.toml.

Nothing in it needs the SDK, and `seeds.toml` tells what becomes which object; every path is relative.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from seatrial.dataflow.external_inputs import ExternalInput, external_inputs
from seatrial.definition import parse
from seatrial.errors import MissingObjectError, RefusedError
from seatrial.ports.storage import Download, ObjectStore, S3Uri
from seatrial.records.functions import write_functions
from seatrial.sessions.compiled import INDEX_FILE, SEEDS_FILE, CompiledPipeline
from seatrial.sessions.targets import DEFINITION_FILE
from seatrial.storage import Seed, WantedSeed, covers, read_seeds, write_seeds

OBJECTS = "objects"
DATA = "data"

_PLAIN = re.compile(r"[A-Za-z0-9_=+@-][A-Za-z0-9._=+@ -]{0,119}")
_LONGEST_KEY = 200


def write_folder(
    compiled: CompiledPipeline, folder: Path, store: ObjectStore, seeds: Sequence[Seed] = ()
) -> list[S3Uri]:
    """Write the folder, or write it anew; the external inputs that its seeds.toml leaves to be filled in.

    `seeds` are copied into it. What an earlier seeds.toml of it says stays, with the data that it names.
    """
    definition = parse(compiled.definition_text, source=compiled.source)
    earlier = _prepare(folder)
    held = {**_fetch(compiled.uploads, folder, store), **_copy_seeds(seeds, folder, earlier)}
    seeds_here = [Seed(uri, path, str(folder)) for uri, path in {**earlier, **held}.items()]
    open_inputs = _open_inputs(external_inputs(definition), seeds_here)
    text = json.dumps(json.loads(compiled.definition_text), indent=2, ensure_ascii=False)
    (folder / DEFINITION_FILE).write_text(f"{text}\n", encoding="utf-8")
    limit = compiled.max_parallel_steps
    index = {"name": compiled.name, **({"max_parallel_steps": limit} if limit else {})}
    (folder / INDEX_FILE).write_text(json.dumps(index) + "\n", encoding="utf-8")
    write_functions(compiled.functions, folder)
    filled = [WantedSeed(uri, path=path.relative_to(folder).as_posix()) for uri, path in held.items()]
    write_seeds(folder / SEEDS_FILE, [*filled, *open_inputs])
    return [each.uri for each in open_inputs]


def place_of(uri: S3Uri, others: Iterable[S3Uri] = ()) -> Path:
    """Where in a folder an object lies: by its name if that is a plain path, else by a digest of its key.

    A key that is at the same time the folder of one of the `others` is no plain path.
    """
    plain = len(uri.key) <= _LONGEST_KEY and all(_PLAIN.fullmatch(part) for part in uri.key.split("/"))
    above = any(other.bucket == uri.bucket and other.key.startswith(f"{uri.key}/") for other in others)
    if plain and not above:
        return Path(uri.bucket, uri.key)
    return Path(uri.bucket, "~", hashlib.sha256(uri.key.encode()).hexdigest()[:16])


def _prepare(folder: Path) -> Mapping[S3Uri, Path]:
    """Make the folder ready; what the seeds.toml of an earlier compile says."""
    if folder.is_file() or (
        folder.is_dir() and any(folder.iterdir()) and not (folder / INDEX_FILE).is_file()
    ):
        raise RefusedError(
            f"{folder} is in use, and not by an earlier compile",
            slug="folder-in-use",
            where=str(folder),
            hint="name a folder that is empty or not there yet: seatrial compile PIPELINE -o DIR",
        )
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / SEEDS_FILE).is_file():
        return {}
    return {seed.uri: seed.path for seed in read_seeds(folder / SEEDS_FILE).seeds}


def _fetch(uploads: Sequence[S3Uri], folder: Path, store: ObjectStore) -> Mapping[S3Uri, Path]:
    """Download what compiling put into the store."""
    downloads: dict[S3Uri, Download] = {}
    for uri in uploads:
        stored = store.stat(uri)
        if stored is None:
            raise MissingObjectError(
                f"{uri}, which compiling uploaded, is not in the store any more",
                slug="missing-upload",
                where=str(uri),
                hint="compile again",
            )
        # A folder's marker holds no data, and no file could stand for it.
        if stored.size or not uri.key.endswith("/"):
            downloads[uri] = Download(stored, folder / OBJECTS / place_of(uri, uploads))
    for download in downloads.values():
        download.target.parent.mkdir(parents=True, exist_ok=True)
    store.download(list(downloads.values()))
    return {uri: download.target for uri, download in downloads.items()}


def _copy_seeds(seeds: Sequence[Seed], folder: Path, earlier: Mapping[S3Uri, Path]) -> Mapping[S3Uri, Path]:
    """Copy local data into the folder, except where the folder's user has named other data for it."""
    copied = {}
    prefixes = [_without_slash(seed.uri) for seed in seeds]
    for seed, prefix in zip(seeds, prefixes, strict=True):
        target = folder / DATA / place_of(prefix, prefixes)
        if not seed.path.is_dir() and (prefix != seed.uri or not prefix.key):
            target /= seed.path.name  # a file beneath a prefix: its name is part of the key
        if earlier.get(seed.uri, target) == target:
            _copy(seed.path, target)
            copied[seed.uri] = target
    return copied


def _copy(source: Path, target: Path) -> None:
    """Put the copy in the place of an earlier one, whole; `target` may be what `source` names."""
    if source.resolve() == target.resolve():
        return
    new = target.with_name(f"{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            _refuse_within(source, target)
            shutil.rmtree(new, ignore_errors=True)  # of a compile that was cut short
            shutil.copytree(source, new)
            shutil.rmtree(target, ignore_errors=True)
        else:
            shutil.copyfile(source, new)
        new.replace(target)
    except (OSError, shutil.Error) as failed:
        raise RefusedError(
            f"cannot copy {source}: {failed}",
            slug="seed-unreadable",
            where=str(source),
            hint="make it readable, or leave it out of the seeds",
        ) from failed


def _refuse_within(source: Path, target: Path) -> None:
    if target.resolve().is_relative_to(source.resolve()):
        raise RefusedError(
            f"the folder lies inside the data that it would hold: {source}",
            slug="folder-in-use",
            where=str(target),
            hint="name a folder outside of it: seatrial compile PIPELINE -o DIR",
        )


def _without_slash(uri: S3Uri) -> S3Uri:
    return S3Uri(uri.bucket, uri.key.removesuffix("/"))


def _open_inputs(inputs: Sequence[ExternalInput], held: Sequence[Seed]) -> list[WantedSeed]:
    """The inputs in S3 for which the folder brings nothing."""
    return [
        WantedSeed(S3Uri.parse(each.uri), each.readers)
        for each in inputs
        if each.uri and each.uri.startswith("s3://")
        if not any(covers(seed, each.uri) for seed in held)
    ]
