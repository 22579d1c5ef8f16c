"""Brings outputs to this machine, by name or by URI; must not know which store it is, nor who asks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from seatrial.definition import PipelineDefinition
from seatrial.errors import MissingObjectError, RefusedError
from seatrial.outputs.download import find_output, target_of, written_objects
from seatrial.outputs.fetching import Patience, Progress, ReadableStore, fetch, objects_at, patiently
from seatrial.outputs.info import S3OutputInfo
from seatrial.outputs.registry import S3OutputPathRegistry
from seatrial.ports.storage import Download, S3Uri, StoredObject


class S3DataDownloader:
    """Fetches outputs of a registry, and whatever else lies in its store.

    What the local folder holds already, whole by size and ETag, is not fetched again: a download that
    broke off goes on when it is asked for again. `progress` hears of each step.
    """

    def __init__(
        self,
        output_registry: S3OutputPathRegistry,
        store: ReadableStore,
        *,
        progress: Callable[[Progress], None] | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.output_registry = output_registry
        self.store = store
        self._progress = progress
        self._patience = patience or Patience()

    def download_step_output_by_logical_name(
        self, step_name: str, logical_name: str, local_path: str | os.PathLike[str]
    ) -> Path:
        """Fetch exactly what the step wrote for this output; `local_path` is as in `download_step_output`."""
        info = find_output(self.output_registry, step_name, logical_name)
        objects = written_objects(info)
        return self._fetched(info.s3_uri, objects, local_path)

    def download_step_output(self, s3_uri: str, local_path: str | os.PathLike[str]) -> Path:
        """Fetch an object, or all beneath a prefix; where it lies now.

        A prefix becomes the folder `local_path`. An object becomes the file `local_path`, or a file of its
        own name in it if that is a folder or ends with a slash.
        """
        return self._fetched(s3_uri, self.objects_at(s3_uri), local_path)

    def download_objects(self, wanted: Sequence[Download]) -> None:
        """Fetch these objects, each into the file that it names."""
        for folder in dict.fromkeys(item.target.parent for item in wanted):
            folder.mkdir(parents=True, exist_ok=True)
        fetch(self.store, wanted, self._patience, self._progress)

    def objects_at(self, s3_uri: str) -> tuple[StoredObject, ...]:
        """The object at the URI, or those beneath it; nothing there is a `MissingObjectError`."""
        uri = _parsed(s3_uri)
        found = patiently(lambda: tuple(objects_at(self.store, uri)), self._patience)
        if not found:
            raise MissingObjectError(
                f"there is neither an object nor a prefix {s3_uri}",
                slug="missing-object",
                where=s3_uri,
                hint="list what the steps wrote: seatrial outputs",
            )
        return found

    def discover_pipeline_outputs(
        self, pipeline_dag: PipelineDefinition | Iterable[str] | None = None
    ) -> dict[str, list[S3OutputInfo]]:
        """Every output by step; with a definition, or names of steps, those steps alone and in that order."""
        registry = self.output_registry
        wanted = registry.list_all_steps() if pipeline_dag is None else _steps_of(pipeline_dag)
        return {
            step: list(outputs.values())
            for step in wanted
            if (outputs := registry.get_all_step_outputs(step))
        }

    def get_step_output_metadata(self, step_name: str, logical_name: str) -> dict[str, Any] | None:
        """The output as plain JSON, None if there is none of that name."""
        info = self.output_registry.get_step_output_info(step_name, logical_name)
        return info.model_dump(mode="json") if info else None

    def _fetched(
        self, s3_uri: str, objects: tuple[StoredObject, ...], local_path: str | os.PathLike[str]
    ) -> Path:
        local = Path(local_path)
        is_object = len(objects) == 1 and objects[0].key == _parsed(s3_uri).key
        as_file = is_object and not (local.is_dir() or os.fspath(local_path).endswith("/"))
        wanted = [
            Download(stored, local if as_file else target_of(stored, s3_uri, local)) for stored in objects
        ]
        self.download_objects(wanted)
        return wanted[0].target if is_object else local


def _steps_of(dag: PipelineDefinition | Iterable[str]) -> list[str]:
    return [step.name for step in dag.all_steps()] if isinstance(dag, PipelineDefinition) else list(dag)


def _parsed(s3_uri: str) -> S3Uri:
    try:
        return S3Uri.parse(s3_uri)
    except ValueError as invalid:
        raise RefusedError(
            str(invalid),
            slug="not-an-s3-uri",
            where=s3_uri,
            hint="write s3://bucket/key or s3://bucket/prefix/",
        ) from invalid
