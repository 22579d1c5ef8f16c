"""The checks of a definition before it runs; a new one is a file beside this and a line in `CHECKS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from seatrial.definition.checks.conditions import check_conditions
from seatrial.definition.checks.dependencies import check_branches, check_cycles, check_dependencies
from seatrial.definition.checks.expressions import check_expressions
from seatrial.definition.checks.output_parameters import check_output_parameters
from seatrial.definition.checks.parameters import check_parameters
from seatrial.definition.checks.processing import check_processing
from seatrial.definition.checks.property_files import check_property_files
from seatrial.definition.checks.references import check_references
from seatrial.definition.checks.requests import check_requests
from seatrial.definition.checks.size import check_size
from seatrial.definition.checks.step_types import check_step_types
from seatrial.definition.checks.subject import Subject
from seatrial.definition.checks.training import check_training
from seatrial.ports.findings import Finding

CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    check_size,
    check_step_types,
    check_expressions,
    check_references,
    check_property_files,
    check_dependencies,
    check_branches,
    check_cycles,
    check_conditions,
    check_requests,
    check_processing,
    check_training,
    check_output_parameters,
    check_parameters,
)

__all__ = ["CHECKS", "Subject"]
