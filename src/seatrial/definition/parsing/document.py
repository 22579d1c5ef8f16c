"""From text to a `PipelineDefinition`: the shape of the document, with every fault reported at once.

What the document refers to (steps, images, request shapes) is not looked at here; `check` does that.
"""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.definition.model import Json, PipelineDefinition
from seatrial.definition.parsing.json_text import read_json
from seatrial.definition.parsing.parameters import read_parameters
from seatrial.definition.parsing.reader import Reader, read_object
from seatrial.definition.parsing.steps import read_steps
from seatrial.definition.report import Report
from seatrial.errors import DefinitionError
from seatrial.ports.findings import Finding

SCHEMA_VERSION = "2020-12-01"
_TOP_LEVEL = frozenset(
    {"Version", "Metadata", "Parameters", "PipelineExperimentConfig", "MlflowConfig", "Steps"}
)
_EXPERIMENT = frozenset({"ExperimentName", "TrialName"})


def parse(text: str | bytes, *, source: str = "definition.json") -> PipelineDefinition:
    """Read a definition; raise DefinitionError with every finding if its structure is refused."""
    definition, findings = read(text, source=source)
    if definition is None or findings:
        raise DefinitionError(findings)
    return definition


def read(
    text: str | bytes, *, source: str = "definition.json"
) -> tuple[PipelineDefinition | None, tuple[Finding, ...]]:
    """What could be read, and what is wrong with the rest; text that is no JSON raises DefinitionError."""
    document, decoded = read_json(text, source)
    report = Report()
    top = read_object(document, "", report)
    definition = _read(top, decoded, source) if top is not None else None
    return definition, tuple(report.findings)


def _read(top: Reader, text: str, source: str) -> PipelineDefinition:
    top.refuse_unknown(_TOP_LEVEL)
    version = top.text("Version", required=True)
    if version is not None and version != SCHEMA_VERSION:
        top.error(
            "ST004",
            f"schema version {version!r} is not known",
            "Version",
            f'write "Version": "{SCHEMA_VERSION}"',
        )
    steps = read_steps(top.items("Steps", required=True), top.report)
    if top.raw.get("Steps") == []:
        top.error("ST002", "the pipeline has no steps", "Steps", "add a step")
    return PipelineDefinition(
        version=version or SCHEMA_VERSION,
        metadata=_object_or_nothing(top, "Metadata"),
        parameters=read_parameters(top.items("Parameters"), top.report),
        experiment_config=_experiment(top),
        steps=steps,
        raw=top.raw,
        text=text,
        source=source,
    )


def _object_or_nothing(top: Reader, key: str) -> Mapping[str, Json]:
    inner = top.object(key)
    return inner.raw if inner is not None else {}


def _experiment(top: Reader) -> Mapping[str, Json] | None:
    config = top.object("PipelineExperimentConfig")
    if config is None:
        return None
    config.refuse_unknown(_EXPERIMENT)
    return config.raw
