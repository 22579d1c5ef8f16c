"""Lays out outputs as local test data, whole or sampled, with a manifest of what was prepared.

Nothing is left out in silence: a download that fails is an error, what a sample left out is in the manifest.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Sequence
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict

from seatrial.errors import RefusedError, StorageError
from seatrial.outputs.discovery import PipelineOutputDiscovery
from seatrial.outputs.download import target_of
from seatrial.outputs.downloader import S3DataDownloader
from seatrial.outputs.info import ExecutionMetadata, S3OutputInfo, UtcDatetime
from seatrial.outputs.prepared_files import make_room
from seatrial.outputs.receipts import objects_of
from seatrial.outputs.registry import S3OutputPathRegistry
from seatrial.outputs.sampling import Sampling, Taken, has_rows, take
from seatrial.ports.storage import Download

FILE_NAME = "prepared.json"


class PreparedFile(BaseModel):
    """One file, and the object that it is or is the beginning of; `rows` where it was counted."""

    model_config = ConfigDict(frozen=True)

    path: str
    s3_uri: str
    etag: str
    object_bytes: int
    sampled: bool = False
    rows: int | None = None


class PreparedOutput(BaseModel):
    """One output; `left_out` are the objects that a sample had no room for."""

    model_config = ConfigDict(frozen=True)

    path: str
    s3_uri: str
    job_type: str | None
    sample_rows: int | None = None
    sample_bytes: int | None = None
    files: tuple[PreparedFile, ...]
    left_out: tuple[str, ...] = ()


class PreparedData(BaseModel):
    """What a workspace holds of one execution, as far as it is whole; paths are relative to it."""

    schema_version: int = 1
    execution_metadata: ExecutionMetadata | None = None
    prepared_at: UtcDatetime
    steps: dict[str, dict[str, PreparedOutput]] = {}


class TestDataPreparation:
    """Fetches what steps wrote into `<workspace>/<step>/<output>`, beside it `prepared.json`."""

    __test__ = False  # no test, whatever pytest makes of its name

    def __init__(
        self,
        s3_registry: S3OutputPathRegistry,
        s3_downloader: S3DataDownloader,
        *,
        sampling: Sampling | None = None,
    ) -> None:
        self.s3_registry = s3_registry
        self.s3_downloader = s3_downloader
        self.sampling = sampling or Sampling()

    def prepare_step_test_data(
        self, step_name: str, local_workspace: str | os.PathLike[str]
    ) -> dict[str, Path]:
        """The folder of each of the step's outputs, by logical name; an empty output has an empty folder."""
        infos = list(self.s3_registry.get_all_step_outputs(step_name).values())
        if not infos:
            there = ", ".join(self.s3_registry.list_all_steps()) or "none at all"
            raise RefusedError(
                f"the step {step_name} has no outputs; there are those of {there}",
                slug="unknown-step",
                where=step_name,
                hint="name one of them",
            )
        return self._prepare({step_name: infos}, Path(local_workspace))[step_name]

    def prepare_pipeline_test_data(
        self, local_workspace: str | os.PathLike[str], job_type_filter: str | None = None
    ) -> dict[str, dict[str, Path]]:
        """The same for every step, or for those of one job type alone."""
        discovery = PipelineOutputDiscovery(self.s3_registry)
        wanted = (
            discovery.discover_all_outputs()
            if job_type_filter is None
            else discovery.discover_outputs_by_job_type(job_type_filter)
        )
        return self._prepare(wanted, Path(local_workspace))

    def _prepare(self, wanted: dict[str, list[S3OutputInfo]], workspace: Path) -> dict[str, dict[str, Path]]:
        folders = [workspace / _place(info) for infos in wanted.values() for info in infos]
        targets = [
            item.target for infos in wanted.values() for info in infos for item in _files(info, workspace)
        ]
        make_room(workspace, folders, targets)
        prepared = self._earlier(workspace, wanted)
        _write(prepared, workspace)  # what is about to change is not told of until it is whole again
        try:
            for step, infos in wanted.items():
                prepared.steps[step] = {info.logical_name: self._output(info, workspace) for info in infos}
        finally:
            _write(prepared, workspace)
        return {
            step: {name: workspace / output.path for name, output in prepared.steps[step].items()}
            for step in wanted
        }

    def _earlier(self, workspace: Path, wanted: Collection[str]) -> PreparedData:
        """What the workspace holds of other steps of the same execution."""
        prepared = PreparedData(
            execution_metadata=self.s3_registry.execution_metadata, prepared_at=datetime.now(timezone.utc)
        )
        try:
            found = PreparedData.model_validate_json((workspace / FILE_NAME).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return prepared
        if found.execution_metadata == prepared.execution_metadata:
            prepared.steps |= {step: outputs for step, outputs in found.steps.items() if step not in wanted}
        return prepared

    def _output(self, info: S3OutputInfo, workspace: Path) -> PreparedOutput:
        place = _place(info)
        folder = workspace / place
        folder.mkdir(parents=True, exist_ok=True)
        wanted = _files(info, workspace)
        if self.sampling.rows is None and self.sampling.bytes is None:
            self.s3_downloader.download_objects(wanted)
            kept: dict[Download, Taken | None] = {
                item: Taken(item.source.size, None, True) for item in wanted
            }
        else:
            kept = self._sampled(wanted)
        return PreparedOutput(
            path=place.as_posix(),
            s3_uri=info.s3_uri,
            job_type=info.job_type,
            sample_rows=self.sampling.rows,
            sample_bytes=self.sampling.bytes,
            files=tuple(_line(item, taken, workspace) for item, taken in kept.items() if taken),
            left_out=tuple(item.source.uri for item, taken in kept.items() if not taken),
        )

    def _sampled(self, wanted: Sequence[Download]) -> dict[Download, Taken | None]:
        """What was taken of each object, in key order, until the bytes are used up."""
        kept: dict[Download, Taken | None] = {}
        left = self.sampling.bytes
        for item in wanted:
            item.target.unlink(missing_ok=True)  # of an earlier preparation, larger perhaps
            kept[item] = taken = self._beginning(item, left)
            left = left - taken.bytes if left is not None and taken else left
        return kept

    def _beginning(self, item: Download, left: int | None) -> Taken | None:
        size = item.source.size
        if not has_rows(item.source.key):
            if left is not None and size > left:
                return None
            self.s3_downloader.download_objects([item])
            return Taken(size, None, True)
        if left == 0:
            return None
        with tempfile.TemporaryDirectory(prefix="seatrial-sample-") as folder:
            whole = Path(folder) / PurePosixPath(item.source.key).name
            self.s3_downloader.download_objects([Download(item.source, whole)])
            taken = take(whole, item.target, self.sampling, left)
            if taken.whole:
                shutil.copyfile(whole, item.target)
        if taken.bytes == 0 and not taken.whole:
            item.target.unlink()
            return None
        return taken


def _files(info: S3OutputInfo, workspace: Path) -> list[Download]:
    folder = workspace / _place(info)
    return [Download(stored, target_of(stored, info.s3_uri, folder)) for stored in objects_of(info)]


def _line(item: Download, taken: Taken, workspace: Path) -> PreparedFile:
    return PreparedFile(
        path=item.target.relative_to(workspace).as_posix(),
        s3_uri=item.source.uri,
        etag=item.source.etag,
        object_bytes=item.source.size,
        sampled=not taken.whole,
        rows=taken.rows,
    )


def _place(info: S3OutputInfo) -> PurePosixPath:
    """The folder of an output; names are the author's, and are not to lead anywhere else."""
    for name in (info.step_name, info.logical_name):
        if name in ("", ".", "..") or "/" in name or "\0" in name:
            raise StorageError(
                f"{name!r} is no name for a folder",
                slug="unsafe-name",
                where=f"{info.step_name}.{info.logical_name}",
                hint="rename the step or the output",
            )
    return PurePosixPath(info.step_name, info.logical_name)


def _write(prepared: PreparedData, workspace: Path) -> None:
    workspace.mkdir(parents=True, exist_ok=True)
    part = workspace / f".{FILE_NAME}"
    part.write_text(prepared.model_dump_json(indent=2) + "\n", encoding="utf-8")
    part.replace(workspace / FILE_NAME)
