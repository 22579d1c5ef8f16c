"""Tables of settings about findings: which of them the project accepts, and why."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class SuppressSettings(BaseModel):
    """One entry of `[[suppress]]`: findings that it fits are shown with its reason, and weigh nothing."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    code: str = Field(description="the finding's code, such as `ST104`")
    reason: str = Field(min_length=1, description="why the project accepts it")
    step: str | None = Field(None, min_length=1, description="step name (shell style)")
    where: str | None = Field(
        None, min_length=1, description="JSON pointer or URI at either end of the finding (shell style)"
    )
