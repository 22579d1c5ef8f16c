"""Looks into what the steps of an execution wrote and read, after it ended, and keeps what was found.

Nothing here fails a run: what cannot be looked into is said.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from seatrial.app.parts import Parts
from seatrial.errors import SeatrialError
from seatrial.execution import PREFIX_PARAMETER, execution_folder
from seatrial.outputs.object_list import relative_key
from seatrial.outputs.profiling import ARCHIVES, INSTALL, format_of, pattern_of, profile_file, profile_of
from seatrial.outputs.profiling.formats import is_packed
from seatrial.outputs.profiling.kept import ProfileCache, load_contents, save_contents
from seatrial.outputs.profiling.schemas import Frame, schema_failures
from seatrial.ports.contents import Contents, Earlier, FileProfile, Place, Profile, SchemaFailure, Table
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus
from seatrial.ports.jobs import InputReceipt, OutputReceipt
from seatrial.ports.storage import Download, ObjectStore, StoredObject
from seatrial.settings import ProfileSettings, Settings
from seatrial.settings.contents import contracts_of

Receipt = InputReceipt | OutputReceipt

_MOST_FILES = 500
"""Files of one output that are looked into."""
_UNPACKED = 4
"""How much larger a packed file is once it is unpacked; a guess, for the budget alone."""
_EMPTY = frozenset({"csv", "tsv", "jsonl"})
_BEYOND = "beyond the limit in [profiles]"
_NEVER = "Nobody has looked into what its steps wrote and read."
_EARLIER = 20
"""Executions that are gone back to for an earlier profile."""


def look_inside(parts: Parts, record: ExecutionRecord) -> None:
    """Profile what the execution's steps wrote and read, and keep it with the execution."""
    if not parts.settings.profiles.enabled:
        return
    folder = execution_folder(parts.settings, record.execution_id)
    try:
        found = _contents(parts, record)
    except Exception as trouble:  # noqa: BLE001 - what is only looked at ends no run
        found = Contents(note=f"Nothing was looked into: {trouble}")
    try:
        save_contents(found, folder)
    except OSError as trouble:
        parts.say(f"what the outputs hold could not be kept: {trouble}")


def contents_of(parts: Parts, record: ExecutionRecord) -> Contents:
    """What was kept of an execution; where nothing was, that is said: contracts are held to nothing then."""
    return load_contents(execution_folder(parts.settings, record.execution_id)) or Contents(note=_NEVER)


def _contents(parts: Parts, record: ExecutionRecord) -> Contents:
    results = [(step.name, step.result) for step in record.steps if step.result]
    settings = parts.settings
    settings.cache_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="profiles-", dir=settings.cache_dir) as folder:
        reader = _Reader(parts, Path(folder), _listed_members(out for _, r in results for out in r.outputs))
        written = {(step, each.name): each for step, result in results for each in result.outputs}
        brought = {(step, each.name): each for step, result in results for each in result.inputs}
        outputs = {place: reader.profile(place, each) for place, each in written.items()}
        inputs = {place: reader.profile(place, each) for place, each in brought.items()}
        failures = {
            **{place: reader.failures(place, each, outputs[place]) for place, each in written.items()},
            **{place: reader.failures(place, each, inputs[place]) for place, each in brought.items()},
        }
    return Contents(
        {place: profile for place, profile in outputs.items() if not profile.is_blank},
        {place: profile for place, profile in inputs.items() if not profile.is_blank},
        dict(_earlier(parts, record, outputs)),
        failures,
        reader.note,
    )


def _earlier(
    parts: Parts, record: ExecutionRecord, outputs: Mapping[Place, Profile]
) -> Iterator[tuple[Place, Earlier]]:
    """Of each output, its profile in the last execution that went well and had it."""
    missing = {place for place, profile in outputs.items() if profile.tables}
    for before in parts.records.list(record.pipeline_name, limit=_EARLIER) if missing else ():
        if before.status is not ExecutionStatus.SUCCEEDED or before.started_at >= record.started_at:
            continue
        for place, profile in contents_of(parts, before).outputs.items():
            if place in missing and profile.tables:
                missing.remove(place)
                yield place, Earlier(before.execution_id, profile, _otherwise(before, record))
        if not missing:
            return


def _otherwise(before: ExecutionRecord, record: ExecutionRecord) -> dict[str, str]:
    """What the parameters were that both have and that are others now; each execution has its own prefix."""
    return {
        name: str(value)
        for name, value in before.parameters.items()
        if name != PREFIX_PARAMETER and record.parameters.get(name, value) != value
    }


def _listed_members(receipts: Iterable[OutputReceipt]) -> dict[tuple[str, str], FileProfile]:
    """The archives whose members an engine listed when it packed them, by key and ETag."""
    return {
        (receipt.objects[0].key, receipt.objects[0].etag): FileProfile(
            "tar",
            members=tuple(each.name for each in receipt.members),
            sizes=tuple(each.size for each in receipt.members),
        )
        for receipt in receipts
        if receipt.members and len(receipt.objects) == 1
    }


@dataclass
class _Reader:
    """Looks into objects, from the cache where their content was seen before, within a budget of bytes."""

    parts: Parts
    folder: Path
    members: Mapping[tuple[str, str], FileProfile]
    note: str | None = None
    spent: int = 0
    _known: dict[tuple[object, ...], FileProfile | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.settings: ProfileSettings = self.parts.settings.profiles
        self._cache = ProfileCache(self.parts.settings.cache_dir / "profiles")

    def failures(self, place: Place, receipt: Receipt, profile: Profile) -> tuple[SchemaFailure, ...]:
        """What schemas of the project's own have against the tables of one output or input."""
        return tuple(
            failure
            for contract in contracts_of(self.parts.settings.contents, place)
            if contract.schema_
            for table in profile.tables
            if table.rows and fnmatchcase(table.name, contract.files)
            for failure in self._held(contract.schema_, table, receipt, tuple(contract.columns))
        )

    def _held(
        self, schema: str, table: Table, receipt: Receipt, names: tuple[str, ...]
    ) -> tuple[SchemaFailure, ...]:
        parts = [
            (stored, relative)
            for stored in receipt.objects
            if stored.size
            and table.name in (relative := relative_key(stored, receipt.s3_uri), pattern_of(relative))
        ]
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            files = [Path(folder) / f"{number}-{Path(name).name}" for number, (_, name) in enumerate(parts)]
            wanted = [Download(stored, file) for (stored, _), file in zip(parts, files, strict=True)]
            try:
                self._store.download(wanted, shared=True)
            except SeatrialError as gone:
                return (SchemaFailure(table.name, schema, f"it was not checked: {gone.message}"),)
            return schema_failures(schema, Frame(table, files, names))

    def profile(self, place: Place, receipt: Receipt) -> Profile:
        """What the objects of one output or input hold."""
        looked = [stored for stored in receipt.objects if _is_promising(stored)]
        left = int(self.settings.bytes_per_output)
        files: list[tuple[str, FileProfile]] = []
        left_out: list[str] = []
        beyond: list[str] = []
        for number, stored in enumerate(looked):
            left = min(left, int(self.settings.bytes_per_execution) - self.spent)
            if number == _MOST_FILES or left <= 0:
                left_out.append(f"{len(looked) - number} of {len(looked)} files: {_BEYOND}")
                beyond = [relative_key(each, receipt.s3_uri) for each in looked[number:]]
                break
            name = relative_key(stored, receipt.s3_uri)
            found = self._file(stored, left, _header(self.parts.settings, place, name))
            if found is not None:
                files.append((name, found))
            left -= _weight(stored, left)
        return profile_of(files, left_out, beyond)

    def _file(self, stored: StoredObject, most: int, header: bool | None) -> FileProfile | None:
        key = (stored.etag, stored.size, stored.key, header)
        if key not in self._known:
            self._known[key] = self._look(stored, most, header)
        return self._known[key]

    def _look(self, stored: StoredObject, most: int, header: bool | None) -> FileProfile | None:
        if (stored.key, stored.etag) in self.members:
            return self.members[stored.key, stored.etag]
        kind = format_of(stored.key) or ""
        if not stored.size:
            return FileProfile(kind)
        known = self._cache.find(stored, most, header)
        if known is not None:
            return known[0]
        if stored.size > self.settings.bytes_per_execution and (kind in ARCHIVES or kind == "json"):
            return FileProfile(kind, unseen=_BEYOND)
        self.spent += _weight(stored, most)
        found = self._read(stored, most, header)
        self._cache.keep(stored, most, header, found)
        if found is not None and found.unseen == INSTALL:
            self.note = f"Parquet was not looked into: {INSTALL}"
        return found

    def _read(self, stored: StoredObject, most: int, header: bool | None) -> FileProfile | None:
        file = self.folder / "object"
        try:
            self._store.download([Download(stored, file)], shared=True)
            return profile_file(file, stored.key, most, header)
        except SeatrialError as gone:
            return FileProfile(format_of(stored.key) or "", unseen=gone.message)
        finally:
            file.unlink(missing_ok=True)

    @property
    def _store(self) -> ObjectStore:
        return self.parts.store


def _is_promising(stored: StoredObject) -> bool:
    """Whether there is something to look into; an empty file of text is a part without rows."""
    kind = format_of(stored.key)
    return kind is not None and (stored.size > 0 or kind in _EMPTY)


def _weight(stored: StoredObject, most: int) -> int:
    """How much of a budget the object takes, about."""
    return min(stored.size * (_UNPACKED if is_packed(stored.key) else 1), most)


def _header(settings: Settings, place: Place, name: str) -> bool | None:
    """Whether a contract says that the file has a header."""
    fitting = (c for c in contracts_of(settings.contents, place) if fnmatchcase(name, c.files))
    return next((contract.header for contract in fitting if contract.header is not None), None)
