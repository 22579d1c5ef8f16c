"""Events in the shape of the OpenLineage specification 2-0-2, as far as seatrial speaks it.

Plain values: the project's own client would bring an HTTP stack of its own, for a shape that fits on a page.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from seatrial import __version__

PRODUCER = f"urn:seatrial:{__version__}"
_SPEC = "https://openlineage.io/spec"
EVENT_SCHEMA = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"

EventType = Literal["START", "COMPLETE", "FAIL", "ABORT"]


def _facet(name: str, version: str) -> str:
    return f"{_SPEC}/facets/{version}/{name}.json#/$defs/{name}"


class Wire(BaseModel):
    """A value that goes out as JSON, names in camel case; None is left out."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Facet(Wire):
    """Something more that is said of a run, a job or a dataset; says itself which schema it keeps."""

    producer: str = Field(PRODUCER, alias="_producer")
    schema_url: str = Field(alias="_schemaURL")


class Run(Wire):
    """One run, by an id that is the same whenever it is told of."""

    run_id: str
    facets: RunFacets | None = None


class Job(Wire):
    """A pipeline, or one of its steps."""

    namespace: str
    name: str
    facets: JobFacets | None = None


class ParentRun(Facet):
    """The run of the pipeline that a step's belongs to."""

    schema_url: str = Field(_facet("ParentRunFacet", "1-2-0"), alias="_schemaURL")
    run: Run
    job: Job


class ErrorMessage(Facet):
    """Why a run failed, in the words of its FailureReason."""

    schema_url: str = Field(_facet("ErrorMessageRunFacet", "1-0-1"), alias="_schemaURL")
    message: str
    programming_language: str = "PYTHON"


class ProcessingEngine(Facet):
    """Who ran it."""

    schema_url: str = Field(_facet("ProcessingEngineRunFacet", "1-1-1"), alias="_schemaURL")
    version: str = __version__
    name: str = "seatrial"


class Tag(Wire):
    """A word and what it is for this one."""

    key: str
    value: str
    source: str = "seatrial"


class RunTags(Facet):
    """What there is no facet for: images, digests, what was taken over or given."""

    schema_url: str = Field(_facet("TagsRunFacet", "1-0-0"), alias="_schemaURL")
    tags: tuple[Tag, ...]


class JobTags(Facet):
    """The digest of each piece of a job's code."""

    schema_url: str = Field(_facet("TagsJobFacet", "1-0-0"), alias="_schemaURL")
    tags: tuple[Tag, ...]


class JobType(Facet):
    """What kind of job it is."""

    schema_url: str = Field(_facet("JobTypeJobFacet", "2-0-4"), alias="_schemaURL")
    processing_type: str = "BATCH"
    integration: str = "SAGEMAKER"
    job_type: str


class SourceCode(Facet):
    """A command that the definition itself holds."""

    schema_url: str = Field(_facet("SourceCodeJobFacet", "1-0-1"), alias="_schemaURL")
    language: str = "shell"
    source_code: str


class SourceCodeLocation(Facet):
    """The object that the code is, with its digest as version."""

    schema_url: str = Field(_facet("SourceCodeLocationJobFacet", "1-1-0"), alias="_schemaURL")
    type: str = "s3"
    url: str
    version: str | None = None


class DatasetVersion(Facet):
    """The ETag of one object, or a digest of the ETags of many."""

    schema_url: str = Field(_facet("DatasetVersionDatasetFacet", "1-0-1"), alias="_schemaURL")
    dataset_version: str


class SchemaField(Wire):
    """A column; the specification writes one of the names with an underscore."""

    name: str
    type: str
    ordinal_position: int = Field(alias="ordinal_position")


class Schema(Facet):
    """The columns of a table that was looked at."""

    schema_url: str = Field(_facet("SchemaDatasetFacet", "1-2-0"), alias="_schemaURL")
    fields: tuple[SchemaField, ...]


class InputStatistics(Facet):
    """How much was read."""

    schema_url: str = Field(_facet("InputStatisticsInputDatasetFacet", "1-0-0"), alias="_schemaURL")
    size: int
    file_count: int


class OutputStatistics(Facet):
    """How much was written."""

    schema_url: str = Field(_facet("OutputStatisticsOutputDatasetFacet", "1-0-2"), alias="_schemaURL")
    row_count: int | None = None
    size: int
    file_count: int


class RunFacets(Wire):
    """The facets of a run; the specification writes one of the names with an underscore."""

    parent: ParentRun | None = None
    error_message: ErrorMessage | None = None
    processing_engine: ProcessingEngine | None = Field(None, alias="processing_engine")
    tags: RunTags | None = None


class JobFacets(Wire):
    """The facets of a job."""

    job_type: JobType | None = None
    source_code: SourceCode | None = None
    source_code_location: SourceCodeLocation | None = None
    tags: JobTags | None = None


class DatasetFacets(Wire):
    """The facets of a dataset, whoever reads or writes it."""

    version: DatasetVersion | None = None
    columns: Schema | None = Field(None, alias="schema")


class InputFacets(Wire):
    """The facets of a dataset as it was read."""

    input_statistics: InputStatistics | None = None


class OutputFacets(Wire):
    """The facets of a dataset as it was written."""

    output_statistics: OutputStatistics | None = None


class InputDataset(Wire):
    """What a run read; names as OpenLineage gives them to S3: the bucket, and the key."""

    namespace: str
    name: str
    facets: DatasetFacets | None = None
    input_facets: InputFacets | None = None


class OutputDataset(Wire):
    """What a run wrote."""

    namespace: str
    name: str
    facets: DatasetFacets | None = None
    output_facets: OutputFacets | None = None


class RunEvent(Wire):
    """One change of one run."""

    event_type: EventType
    event_time: str
    run: Run
    job: Job
    inputs: tuple[InputDataset, ...] = ()
    outputs: tuple[OutputDataset, ...] = ()
    producer: str = PRODUCER
    schema_url: str = Field(EVENT_SCHEMA, alias="schemaURL")

    def as_text(self) -> str:
        """The event as one line of JSON."""
        return self.model_dump_json(by_alias=True, exclude_none=True)


Run.model_rebuild()
Job.model_rebuild()
