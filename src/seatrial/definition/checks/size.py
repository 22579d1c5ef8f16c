"""The document as a whole: is it too long for the service to take inline."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.definition.checks.subject import Subject, warning
from seatrial.ports.findings import Finding

LONGEST_INLINE = 1_048_576


def check_size(subject: Subject) -> Iterator[Finding]:
    """CreatePipeline takes this many characters inline; more must go through S3."""
    length = len(subject.definition.text)
    if length > LONGEST_INLINE:
        message = f"the definition has {length} characters; CreatePipeline takes {LONGEST_INLINE} inline"
        yield warning("ST007", message, "", "pass it as PipelineDefinitionS3Location when you deploy it")
