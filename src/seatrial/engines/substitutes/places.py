"""Where the outputs of a request lie, by name; of a request that no engine here could read as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.engines.locations import read_uri
from seatrial.engines.training import DEFAULT_CHECKPOINTS, MODEL, OUTPUT_DATA, artifact_uri, model_uri
from seatrial.ports.jobs import JobRequest, OutputReceipt
from seatrial.ports.storage import S3Uri, StoredObject


@dataclass(frozen=True)
class Place:
    """One output: files beneath its URI, or one packed object at it."""

    name: str
    uri: S3Uri
    property_path: str
    container_path: str = ""
    data_type: str = "S3Uri"
    archive: bool = False

    def receipt(self, objects: tuple[StoredObject, ...] = (), **more: Any) -> OutputReceipt:
        """What lies there now."""
        return OutputReceipt(
            name=self.name,
            s3_uri=str(self.uri),
            container_path=self.container_path,
            property_path=self.property_path,
            data_type=self.data_type,
            objects=objects,
            **more,
        )


def is_at(text: str, place: str) -> bool:
    """Whether the text is this place, or something beneath it."""
    return f"{text.rstrip('/')}/".startswith(f"{place.rstrip('/')}/")


def places_of(request: JobRequest) -> list[Place]:
    """Every output that the request declares in S3."""
    return list(_BY_KIND[request.kind](request)) if request.kind in _BY_KIND else []


def _processing(request: JobRequest) -> Iterator[Place]:
    config = request.parameters.get("ProcessingOutputConfig") or {}
    for index, output in enumerate(config.get("Outputs") or []):
        target: Mapping[str, Any] = output.get("S3Output") or {}
        if not target:
            continue  # into a feature store: nothing lies in S3
        name = str(output["OutputName"])
        yield Place(
            name,
            read_uri(str(target["S3Uri"]), f"/ProcessingOutputConfig/Outputs/{index}/S3Output/S3Uri"),
            f"ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri",
            str(target.get("LocalPath", "")),
        )


def _training(request: JobRequest) -> Iterator[Place]:
    model, path = "ModelArtifacts.S3ModelArtifacts", "OutputDataConfig.S3OutputPath"
    yield _artifact("model", model_uri(request), model, MODEL, "ModelArtifacts")
    yield _artifact("output", artifact_uri(request, "output.tar.gz"), path, OUTPUT_DATA)
    checkpoints = request.parameters.get("CheckpointConfig") or {}
    if checkpoints:
        uri = read_uri(str(checkpoints["S3Uri"]), "/CheckpointConfig/S3Uri")
        folder = checkpoints.get("LocalPath") or DEFAULT_CHECKPOINTS
        yield Place("checkpoints", uri, "CheckpointConfig.S3Uri", folder)


def _artifact(name: str, uri: S3Uri, path: str, folder: str, data_type: str = "S3Uri") -> Place:
    """Packed, unless the job is asked for the files themselves."""
    return Place(name, uri, path, folder, data_type, archive=uri.key.endswith(".tar.gz"))


def _transform(request: JobRequest) -> Iterator[Place]:
    uri = str(request.parameters["TransformOutput"]["S3OutputPath"])
    yield Place("transform", read_uri(uri, "/TransformOutput/S3OutputPath"), "TransformOutput.S3OutputPath")


_BY_KIND = {"Processing": _processing, "Training": _training, "Transform": _transform}
