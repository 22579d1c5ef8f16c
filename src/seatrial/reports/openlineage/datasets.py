"""What a step read and wrote, as datasets; two steps that name the same data give it the same name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from seatrial.dataflow import Lineage, LineageEntry
from seatrial.dataflow.lineage import LineageObject, ModelPackage
from seatrial.ports.contents import Place, Profile, Table
from seatrial.ports.executions import ExecutionRecord, StepRecord
from seatrial.ports.jobs import OutputReceipt
from seatrial.ports.storage import S3Uri
from seatrial.reports.openlineage.model import (
    DatasetFacets,
    DatasetVersion,
    InputDataset,
    InputFacets,
    InputStatistics,
    OutputDataset,
    OutputFacets,
    OutputStatistics,
    Schema,
    SchemaField,
)


def inputs_of(lineage: Lineage, record: ExecutionRecord, step: str) -> tuple[InputDataset, ...]:
    """The data that a step read; its code is told with the job."""
    found: dict[str, dict[str, LineageObject]] = {}
    for entry in lineage.into(step):
        if entry.kind != "code" and _is_place(entry.s3_uri):
            objects = found.setdefault(_place(entry, record), {})
            objects.update((stored.uri, stored) for stored in entry.objects)
    return tuple(_input(place, objects) for place, objects in found.items())


def outputs_of(
    lineage: Lineage, step: StepRecord, profiles: Mapping[Place, Profile]
) -> tuple[OutputDataset, ...]:
    """The data that a step wrote, and the packages that it registered."""
    written = (
        _output(receipt, profiles.get((step.name, receipt.name)))
        for receipt in (step.result.outputs if step.result else ())
        if _is_place(receipt.s3_uri) and receipt.objects
    )
    return (*written, *(_package(sink) for sink in lineage.sinks if sink.step == step.name))


def _is_place(uri: str) -> bool:
    return uri.startswith("s3://")


def _place(entry: LineageEntry, record: ExecutionRecord) -> str:
    """Where its producer says that it lies, so that the two ends meet; else where the reader looked."""
    producer = record.step(entry.from_step) if entry.from_step else None
    for receipt in producer.result.outputs if producer and producer.result else ():
        if receipt.name == entry.from_output:
            return receipt.s3_uri
    return entry.s3_uri


def _input(place: str, objects: Mapping[str, LineageObject]) -> InputDataset:
    namespace, name = _named(place)
    return InputDataset(
        namespace=namespace,
        name=name,
        facets=_version(objects),
        input_facets=InputFacets(
            input_statistics=InputStatistics(size=_size(objects), file_count=len(objects))
        )
        if objects
        else None,
    )


def _output(receipt: OutputReceipt, profile: Profile | None) -> OutputDataset:
    namespace, name = _named(receipt.s3_uri)
    objects = {o.uri: LineageObject(uri=o.uri, size=o.size, etag=o.etag) for o in receipt.objects}
    # Of an output that holds several tables, none is what the dataset is.
    table = profile.tables[0] if profile and len(profile.tables) == 1 else None
    version = _version(objects)
    return OutputDataset(
        namespace=namespace,
        name=name,
        facets=version.model_copy(update={"columns": _schema(table)}) if version and table else version,
        output_facets=OutputFacets(
            output_statistics=OutputStatistics(
                row_count=table.total if table else None, size=_size(objects), file_count=len(objects)
            )
        ),
    )


def _schema(table: Table) -> Schema:
    return Schema(
        fields=tuple(
            SchemaField(name=column.name, type=column.type, ordinal_position=position)
            for position, column in enumerate(table.columns, start=1)
        )
    )


def _package(sink: ModelPackage) -> OutputDataset:
    """A model package by its ARN, cut as OpenLineage cuts those of AWS Glue."""
    namespace, _, name = sink.arn.partition(":model-package/")
    etags = [container.etag for container in sink.containers if container.etag]
    version = DatasetFacets(version=DatasetVersion(dataset_version=_digest(etags))) if etags else None
    return OutputDataset(namespace=namespace, name=f"model-package/{name}", facets=version)


def _named(place: str) -> tuple[str, str]:
    uri = S3Uri.parse(place)
    return f"s3://{uri.bucket}", uri.key.strip("/") or "/"


def _version(objects: Mapping[str, LineageObject]) -> DatasetFacets | None:
    if not objects:
        return None
    listed = sorted(objects.values(), key=lambda stored: stored.uri)
    alone = listed[0].etag if len(listed) == 1 else _digest(f"{o.uri} {o.etag}" for o in listed)
    return DatasetFacets(version=DatasetVersion(dataset_version=alone))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _size(objects: Mapping[str, LineageObject]) -> int:
    return sum(stored.size for stored in objects.values())
