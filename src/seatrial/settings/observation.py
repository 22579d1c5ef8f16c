"""A table of settings about what steps are seen to do besides what they declare."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ObservationSettings(BaseModel):
    """Each kind of observation costs a little, and can be switched off on its own."""

    model_config = ConfigDict(extra="forbid")

    calls: bool = Field(
        True,
        description="see the S3 calls that a step's own code makes, in the store's trace "
        "([observation](observation.md))",
    )
    files: bool = Field(
        True,
        description="see which files of its inputs a step opens, where this machine lets us "
        "([observation](observation.md))",
    )
