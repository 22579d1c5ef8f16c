"""The pipeline definition document: parsing, expressions, references, graph, findings before a run.

Knows the document and AWS's model of requests; never an execution, a container or a store.
"""

from seatrial.definition.check import check, parse_and_check
from seatrial.definition.conditions import CONDITIONS, evaluate_conditions
from seatrial.definition.durations import parse_duration
from seatrial.definition.expressions import FUNCTIONS, Scope, evaluate, stringify
from seatrial.definition.graph import Edge, Graph, build_graph
from seatrial.definition.model import (
    MISSING,
    CacheConfig,
    Dependency,
    Json,
    Missing,
    Parameter,
    ParameterValue,
    PipelineDefinition,
    PropertyFile,
    RetryPolicy,
    Step,
    StepShape,
)
from seatrial.definition.parameters import bind_parameters
from seatrial.definition.parsing import parse
from seatrial.definition.paths import PropertyPath, look_up
from seatrial.definition.placeholders import placeholders_for
from seatrial.definition.references import Reference, references, step_references
from seatrial.definition.service_model import (
    longest_name,
    project,
    uncompiled_patterns,
    validate_request,
)

__all__ = [
    "CONDITIONS",
    "FUNCTIONS",
    "MISSING",
    "CacheConfig",
    "Dependency",
    "Edge",
    "Graph",
    "Json",
    "Missing",
    "Parameter",
    "ParameterValue",
    "PipelineDefinition",
    "PropertyFile",
    "PropertyPath",
    "Reference",
    "RetryPolicy",
    "Scope",
    "Step",
    "StepShape",
    "bind_parameters",
    "build_graph",
    "check",
    "evaluate",
    "evaluate_conditions",
    "longest_name",
    "look_up",
    "parse",
    "parse_and_check",
    "parse_duration",
    "placeholders_for",
    "project",
    "references",
    "step_references",
    "stringify",
    "uncompiled_patterns",
    "validate_request",
]
