"""The part of SARIF 2.1.0 that is written here, as values; knows nothing of findings.

The libraries that model SARIF are either no longer kept or let any property pass. These models let none
pass that the standard does not have.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

Level = Literal["error", "warning", "note"]


class Sarif(BaseModel):
    """What all objects have in common: camelCase at the wire, what is None is left out."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class Message(Sarif):
    """Text for people."""

    text: str
    markdown: str | None = None


class ArtifactLocation(Sarif):
    """A file relative to the root of the sources, or any URI."""

    uri: str
    uri_base_id: str | None = None


class Region(Sarif):
    """Lines and columns from 1; `end_column` is the one behind the last."""

    start_line: int = Field(ge=1)
    start_column: int | None = Field(None, ge=1)
    end_line: int | None = Field(None, ge=1)
    end_column: int | None = Field(None, ge=1)


class PhysicalLocation(Sarif):
    """Where in a file, or which object."""

    artifact_location: ArtifactLocation
    region: Region | None = None


class LogicalLocation(Sarif):
    """Where in the pipeline: a step, and the pointer into the definition."""

    name: str | None = None
    fully_qualified_name: str
    kind: str | None = None


class Location(Sarif):
    """One place; `id` counts those that a result names besides its own."""

    id: int | None = None
    physical_location: PhysicalLocation | None = None
    logical_locations: tuple[LogicalLocation, ...] | None = None
    message: Message | None = None


class Suppression(Sarif):
    """That the project accepts it, and why."""

    kind: Literal["external"] = "external"
    justification: str


class Configuration(Sarif):
    """What a rule weighs unless a result says otherwise."""

    level: Level


class Rule(Sarif):
    """A code and what it stands for."""

    id: str
    name: str
    short_description: Message
    full_description: Message
    help: Message
    default_configuration: Configuration
    properties: dict[str, str | list[str]]


class Result(Sarif):
    """A finding."""

    rule_id: str
    rule_index: int
    level: Level
    message: Message
    locations: tuple[Location, ...]
    related_locations: tuple[Location, ...] | None = None
    suppressions: tuple[Suppression, ...] | None = None
    partial_fingerprints: dict[str, str]
    properties: dict[str, str]


class Driver(Sarif):
    """The program and its rules."""

    name: str
    version: str
    semantic_version: str
    rules: tuple[Rule, ...]


class Tool(Sarif):
    """Who found it."""

    driver: Driver


class Notification(Sarif):
    """What is to be said of the judging itself."""

    level: Level
    message: Message


class Invocation(Sarif):
    """Whether the judging went well, which says nothing of the pipeline."""

    execution_successful: bool
    start_time_utc: str | None = None
    end_time_utc: str | None = None
    tool_execution_notifications: tuple[Notification, ...] | None = None


class AutomationDetails(Sarif):
    """What is before the last slash of `id` names the series of runs that are compared."""

    id: str


class Run(Sarif):
    """One judging."""

    tool: Tool
    automation_details: AutomationDetails
    invocations: tuple[Invocation, ...]
    column_kind: Literal["unicodeCodePoints"] = "unicodeCodePoints"
    results: tuple[Result, ...]
    properties: dict[str, str]


class SarifLog(Sarif):
    """The file."""

    schema_uri: str = Field(SCHEMA, alias="$schema")
    version: str = VERSION
    runs: tuple[Run, ...]

    def as_text(self) -> str:
        """The JSON document."""
        return self.model_dump_json(by_alias=True, exclude_none=True, indent=2) + "\n"
