"""Finds outputs by what they are; asks nothing but the registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from seatrial.outputs.downloader import S3DataDownloader
from seatrial.outputs.info import S3OutputInfo
from seatrial.outputs.object_list import ObjectList
from seatrial.outputs.registry import S3OutputPathRegistry

Outputs = dict[str, list[S3OutputInfo]]
"""By step; steps without an output that fits are left out."""


class PipelineOutputDiscovery:
    """The outputs of a registry, by job type, data type or step type."""

    def __init__(
        self, s3_registry: S3OutputPathRegistry, s3_downloader: S3DataDownloader | None = None
    ) -> None:
        self.s3_registry = s3_registry
        self.s3_downloader = s3_downloader

    def discover_all_outputs(self) -> Outputs:
        """Every output."""
        return self._those(lambda info: True)

    def discover_outputs_by_job_type(self, job_type: str | None) -> Outputs:
        """Outputs of steps that work on training, validation, … data; with None those of all other steps."""
        return self._those(lambda info: info.job_type == job_type)

    def discover_outputs_by_data_type(self, data_type: str) -> Outputs:
        """Outputs that are `S3Uri`, `ModelArtifacts`, …"""
        return self._those(lambda info: info.data_type == data_type)

    def discover_outputs_by_step_type(self, step_type: str) -> Outputs:
        """Outputs of steps of a type: `Processing`, `Training`, …"""
        return self._those(lambda info: info.metadata.get("step_type") == step_type)

    def create_output_manifest(self) -> dict[str, Any]:
        """What there is, as plain JSON, without each object's name: `export_to_manifest` has those."""
        found = self.discover_all_outputs()
        every = [info for infos in found.values() for info in infos]
        metadata = self.s3_registry.execution_metadata
        return {
            "pipeline_metadata": metadata.model_dump(mode="json") if metadata else None,
            "outputs_by_step": {step: [_line(info) for info in infos] for step, infos in found.items()},
            "summary": {
                "total_steps": len(found),
                "total_outputs": len(every),
                "total_objects": sum(_counted(info)[0] for info in every),
                "total_bytes": sum(_counted(info)[1] for info in every),
                "job_types": dict(Counter(info.job_type for info in every if info.job_type)),
                "data_types": dict(Counter(info.data_type for info in every)),
                "step_types": dict(Counter(str(info.metadata.get("step_type")) for info in every)),
            },
        }

    def _those(self, fits: Callable[[S3OutputInfo], bool]) -> Outputs:
        every = self.s3_registry.step_outputs
        found = {step: [info for info in outputs.values() if fits(info)] for step, outputs in every.items()}
        return {step: infos for step, infos in found.items() if infos}


def _line(info: S3OutputInfo) -> dict[str, Any]:
    objects, size = _counted(info)
    told = info.model_dump(mode="json", exclude={"metadata"})
    return {**told, "step_type": info.metadata.get("step_type"), "objects": objects, "bytes": size}


def _counted(info: S3OutputInfo) -> tuple[int, int]:
    entries = info.metadata.get("objects", ())
    if isinstance(entries, ObjectList):
        return len(entries), entries.total_bytes
    return len(entries), sum(entry["size"] for entry in entries)
