"""Settings of who hears of executions in the words of OpenLineage."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class OpenLineageSettings(BaseModel):
    """Where the events of each execution go when it ends; nowhere unless it is set."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]+",
        description="a server that takes OpenLineage events, `/api/v1/lineage` if no path is given; "
        "each execution is sent when it ends ([lineage](lineage.md))",
    )
    file: Path | None = Field(None, description="a file to which each execution adds its events, one a line")
    namespace: str = Field("seatrial", min_length=1, description="the namespace of the jobs in these events")
    api_key: SecretStr | None = Field(None, description="sent to the server as a bearer token")
    timeout_seconds: float = Field(5.0, gt=0, description="how long the server may take for one event")

    @property
    def wanted(self) -> bool:
        """Whether anybody is to hear of executions."""
        return self.url is not None or self.file is not None
