"""`ManifestFile`: the objects that a JSON document names instead of a prefix; knows no jobs.

The document is an array: first `{"prefix": "s3://…"}`, then one suffix for each object. What is wrong with it
is told with the line that it stands on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject

_SHOWN = 3
_BETWEEN = " \t\r\n,"


class ManifestError(ValueError):
    """The manifest is none, or names what is not there; the text says on which line."""


@dataclass(frozen=True)
class Manifest:
    """The prefix, and the whole key of each object in the manifest's order; `text` is where it says so."""

    prefix: S3Uri
    keys: tuple[str, ...]
    text: str

    def line_of(self, key: str) -> int:
        """Where the manifest names the key."""
        return line_of(self.text, self.keys.index(key) + 1)


def parse_manifest(data: bytes) -> Manifest:
    """Read it, or say what is wrong with it."""
    try:
        text = data.decode("utf-8-sig")
        entries = json.loads(text)
    except UnicodeDecodeError as broken:
        raise ManifestError(f"it is not text: {broken}") from broken
    except json.JSONDecodeError as broken:
        raise ManifestError(f"line {broken.lineno}: it is not JSON: {broken.msg}") from broken
    if not isinstance(entries, list) or not entries:
        raise ManifestError("line 1: it is not a JSON array that begins with an object with a prefix")
    prefix = _prefix(entries[0], text)
    keys = tuple(_key(prefix, suffix, text, at) for at, suffix in enumerate(entries[1:], start=1))
    return Manifest(S3Uri.parse(prefix), keys, text)


def find_objects(store: ObjectStore, manifest: Manifest) -> list[StoredObject]:
    """The objects in the manifest's order; an object that it names twice is given twice."""
    uris = [S3Uri(manifest.prefix.bucket, key) for key in manifest.keys]
    found = look_up(store, uris)
    refuse_missing((manifest.line_of(uri.key), uri) for uri in dict.fromkeys(uris) if uri not in found)
    return [found[uri] for uri in uris]


def look_up(store: ObjectStore, uris: Iterable[S3Uri]) -> dict[S3Uri, StoredObject]:
    """Those of the objects that are there."""
    keys: dict[str, list[str]] = {}
    for uri in uris:
        keys.setdefault(uri.bucket, []).append(uri.key)
    found: dict[S3Uri, StoredObject] = {}
    for bucket, wanted in keys.items():
        # One listing for all: to ask for each object takes a millisecond and more.
        listed = {item.key: item for item in store.list_objects(S3Uri(bucket, _common_start(wanted)))}
        found.update((S3Uri(bucket, key), listed[key]) for key in wanted if key in listed)
    return found


def refuse_missing(missing: Iterable[tuple[int, S3Uri]]) -> None:
    """Raise if there is any; each comes with the line that names it."""
    named = list(missing)
    if named:
        shown = ", ".join(f"line {line}: {uri}" for line, uri in named[:_SHOWN])
        more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
        raise ManifestError(f"{shown}{more}: no such object")


def _common_start(keys: Sequence[str]) -> str:
    first, last = min(keys), max(keys)
    length = next((at for at, sign in enumerate(first) if not last.startswith(sign, at)), len(first))
    return first[:length]


def line_of(text: str, number: int) -> int:
    """The line on which an element of a JSON array begins, counted from 0; the text is a good array."""
    decoder, at = json.JSONDecoder(), text.index("[") + 1
    for _ in range(number):
        _, at = decoder.raw_decode(text, _next(text, at))
    return text.count("\n", 0, _next(text, at)) + 1


def _next(text: str, at: int) -> int:
    while text[at] in _BETWEEN:
        at += 1
    return at


def _prefix(entry: object, text: str) -> str:
    if isinstance(entry, dict) and isinstance(entry.get("prefix"), str):
        try:
            S3Uri.parse(entry["prefix"])
        except ValueError as malformed:
            raise ManifestError(f"line {line_of(text, 0)}: its prefix is {malformed}") from malformed
        return str(entry["prefix"])
    raise ManifestError(f"line {line_of(text, 0)}: its first element is not an object with a prefix")


def _key(prefix: str, suffix: object, text: str, at: int) -> str:
    if not isinstance(suffix, str) or not suffix:
        shown = json.dumps(suffix)[:100]
        raise ManifestError(f"line {line_of(text, at)}: {shown} is not what follows the prefix of an object")
    # The two are joined as texts, so behind a bucket without a slash another bucket could be named.
    joined = S3Uri.parse(prefix + suffix)
    if joined.bucket != S3Uri.parse(prefix).bucket:
        raise ManifestError(f"line {line_of(text, at)}: {joined} is not in the bucket of {prefix}")
    return joined.key
