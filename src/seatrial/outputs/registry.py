"""The registry of outputs: who wrote what where; knows neither how it was filled nor any store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from seatrial.errors import RefusedError
from seatrial.outputs.info import ExecutionMetadata, S3OutputInfo
from seatrial.outputs.manifest_versions import SCHEMA_VERSION, upgraded


class S3OutputPathRegistry(BaseModel):
    """Every output of an execution, by step and logical name."""

    step_outputs: dict[str, dict[str, S3OutputInfo]] = Field(default_factory=dict)
    execution_metadata: ExecutionMetadata | None = None

    def register_step_output(self, step_name: str, logical_name: str, output_info: S3OutputInfo) -> None:
        """Add or replace an output. The step counts as completed with its first one, once."""
        first_of_step = step_name not in self.step_outputs
        self.step_outputs.setdefault(step_name, {})[logical_name] = output_info
        if first_of_step and self.execution_metadata is not None:
            self.execution_metadata.mark_step_completed()

    def get_step_output_info(self, step_name: str, logical_name: str) -> S3OutputInfo | None:
        """The output, None if there is none of that name."""
        return self.step_outputs.get(step_name, {}).get(logical_name)

    def get_step_output_path(self, step_name: str, logical_name: str) -> str | None:
        """Where the output lies, None if there is none of that name."""
        info = self.get_step_output_info(step_name, logical_name)
        return info.s3_uri if info else None

    def get_all_step_outputs(self, step_name: str) -> dict[str, S3OutputInfo]:
        """The step's outputs by logical name; changing the answer leaves the registry as it is."""
        return dict(self.step_outputs.get(step_name, {}))

    def list_all_steps(self) -> list[str]:
        """The steps that have outputs, in the order in which they were registered."""
        return list(self.step_outputs)

    def export_to_manifest(self) -> dict[str, Any]:
        """Plain JSON: `schema_version`, `execution_metadata` and `step_outputs`."""
        return {"schema_version": SCHEMA_VERSION, **self.model_dump(mode="json")}

    def import_from_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Become what the manifest says; nothing changes if it cannot be read.

        Those of older versions are read, of newer ones refused. One without `schema_version` is older
        than the first: its times may lack a zone, and are then in UTC. Keys that this version does not
        know are left aside.
        """
        newest = upgraded(manifest)
        try:
            read = S3OutputPathRegistry.model_validate(newest)
        except ValidationError as invalid:
            raise _unreadable(invalid) from invalid
        self.step_outputs = read.step_outputs
        self.execution_metadata = read.execution_metadata


def _unreadable(invalid: ValidationError) -> RefusedError:
    first = invalid.errors()[0]
    return RefusedError(
        f"not a manifest of outputs: {first['msg']}",
        slug="invalid-manifest",
        where="/" + "/".join(str(part) for part in first["loc"]),
        hint="pass what `export_to_manifest()` or `seatrial outputs --json` gave",
    )
