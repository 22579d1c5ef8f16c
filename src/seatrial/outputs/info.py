"""One output and one execution, as users know them; knows nothing of receipts, stores or steps."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    field_serializer,
    model_validator,
)

from seatrial.outputs.object_list import ObjectList


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(timezone.utc)


# A time without a zone is refused: an execution is read on other machines than the one that ran it.
UtcDatetime = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class S3OutputInfo(BaseModel):
    """One output of one step.

    `property_path` is how a definition refers to it beneath `Steps.<step_name>.`. `data_type` is
    `ModelArtifacts` for a model, `S3Uri` for the rest. `job_type` is training, validation, testing
    or calibration where the step has one. `metadata` is plain JSON; `docs/json.md` lists its keys.
    """

    model_config = ConfigDict(validate_assignment=True)

    logical_name: str
    s3_uri: str
    property_path: str
    data_type: str
    step_name: str
    job_type: str | None = None
    timestamp: UtcDatetime
    metadata: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _pack_objects(self) -> S3OutputInfo:
        entries = self.metadata.get("objects")
        if isinstance(entries, list):
            packed = ObjectList.packed(entries, self.s3_uri)
            if packed is not None:
                self.__dict__["metadata"] = {**self.metadata, "objects": packed}
        return self

    @field_serializer("metadata")
    def _unpack_objects(self, metadata: dict[str, Any]) -> dict[str, Any]:
        entries = metadata.get("objects")
        return {**metadata, "objects": list(entries)} if isinstance(entries, ObjectList) else metadata


class ExecutionMetadata(BaseModel):
    """Whose outputs a registry holds, and how far that execution has come, counted in steps."""

    model_config = ConfigDict(validate_assignment=True)

    pipeline_name: str
    execution_id: str
    start_time: UtcDatetime
    end_time: UtcDatetime | None = None
    total_steps: NonNegativeInt = 0
    completed_steps: NonNegativeInt = 0

    def mark_step_completed(self) -> None:
        """Count one more step as completed."""
        self.completed_steps += 1

    def is_complete(self) -> bool:
        """Whether every step completed; an execution whose steps were never counted is not."""
        return 0 < self.total_steps <= self.completed_steps
