"""`ManifestFile`: the objects that a JSON document names instead of a prefix; knows no jobs.

The document is an array: first `{"prefix": "s3://…"}`, then one suffix for each object. What is wrong with it
is told with the line that it stands on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject, unbound

_SHOWN = 3
_BETWEEN = " \t\r\n,"
_UNSOUND = re.compile(r"[\x00\ud800-\udfff]")


class ManifestError(ValueError):
    """The manifest is none, or names what is not there; the text says on which line."""


@dataclass(frozen=True)
class Manifest:
    """The prefix, and the whole key of each object in the manifest's order; `text` is where it says so."""

    prefix: S3Uri
    keys: tuple[str, ...]
    text: str

    def line_of(self, uri: S3Uri) -> int:
        """Where the manifest names the object."""
        return line_of(self.text, self.keys.index(uri.key) + 1)


def parse_manifest(data: bytes) -> Manifest:
    """Read it, or say what is wrong with it."""
    text = read_text(data)
    entries = read_json(text)
    if not isinstance(entries, list) or not entries:
        raise ManifestError("line 1: it is not a JSON array that begins with an object with a prefix")
    prefix = _prefix(entries[0], text)
    keys = tuple(_key(prefix, suffix, text, at) for at, suffix in enumerate(entries[1:], start=1))
    return Manifest(S3Uri.parse(prefix), keys, text)


def find_objects(store: ObjectStore, manifest: Manifest) -> list[StoredObject]:
    """The objects in the manifest's order; an object that it names twice is given twice."""
    uris = [S3Uri(manifest.prefix.bucket, key) for key in manifest.keys]
    found = look_up(store, uris)
    refuse_missing([uri for uri in dict.fromkeys(uris) if uri not in found], manifest.line_of)
    return [found[uri] for uri in uris]


def look_up(store: ObjectStore, uris: Iterable[S3Uri]) -> dict[S3Uri, StoredObject]:
    """Those of the objects that are there."""
    keys: dict[str, list[str]] = {}
    for uri in uris:
        if _can_be_there(uri.key):
            keys.setdefault(uri.bucket, []).append(uri.key)
    found: dict[S3Uri, StoredObject] = {}
    for bucket, wanted in keys.items():
        # One listing for all: to ask for each object takes a millisecond and more. The service lists nothing.
        start = S3Uri(bucket, _common_start(wanted))
        listed = {item.key: item for item in unbound(store).list_objects(start)}
        found.update((S3Uri(bucket, key), listed[key]) for key in wanted if key in listed)
    return found


def refuse_missing(missing: Sequence[S3Uri], line_of_one: Callable[[S3Uri], int]) -> None:
    """Raise if there is any; the line is asked for where it is shown, as it takes a walk through the text."""
    if missing:
        shown = ", ".join(f"line {line_of_one(uri)}: {uri}" for uri in missing[:_SHOWN])
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise ManifestError(f"{shown}{more}: no such object")


def read_text(data: bytes) -> str:
    """The text of a manifest."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise ManifestError(f"it is not text: {broken}") from broken


def read_json(text: str, line: int = 1) -> Any:
    """JSON that begins on a line."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as broken:
        raise ManifestError(f"line {line + broken.lineno - 1}: it is not JSON: {broken.msg}") from broken
    except (ValueError, RecursionError) as beyond:  # a number of thousands of digits, thousands of brackets
        raise ManifestError(f"line {line}: it is not JSON that can be read: {beyond}") from beyond


def is_sound(text: str) -> bool:
    """Whether it can be sent and named: JSON also writes half a character, and a zero."""
    return _UNSOUND.search(text) is None


def _can_be_there(key: str) -> bool:
    """The store does not even look for such a key as no path has."""
    return not {".", ".."}.intersection(key.split("/"))


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
    if isinstance(entry, dict) and isinstance(entry.get("prefix"), str) and is_sound(entry["prefix"]):
        try:
            S3Uri.parse(entry["prefix"])
        except ValueError as malformed:
            raise ManifestError(f"line {line_of(text, 0)}: its prefix is {malformed}") from malformed
        return str(entry["prefix"])
    raise ManifestError(f"line {line_of(text, 0)}: its first element is not an object with a prefix")


def _key(prefix: str, suffix: object, text: str, at: int) -> str:
    if not isinstance(suffix, str) or not suffix or not is_sound(suffix):
        shown = json.dumps(suffix)[:100]
        raise ManifestError(f"line {line_of(text, at)}: {shown} is not what follows the prefix of an object")
    # The two are joined as texts, so behind a bucket without a slash another bucket could be named.
    joined = S3Uri.parse(prefix + suffix)
    if joined.bucket != S3Uri.parse(prefix).bucket:
        raise ManifestError(f"line {line_of(text, at)}: {joined} is not in the bucket of {prefix}")
    return joined.key
