"""From text to a `PipelineDefinition`; what the document refers to is for the checks."""

from seatrial.definition.parsing.document import parse, read

__all__ = ["parse", "read"]
