"""What a judge looks at: the plan before a run, the flow after it; decides nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from seatrial.dataflow.permissions import Role
from seatrial.dataflow.reads import Read, reads_of
from seatrial.definition import Graph, ParameterValue, PipelineDefinition, PropertyPath, build_graph
from seatrial.definition.tuning_jobs import model_referred
from seatrial.outputs import DeclaredOutput, Known, S3OutputPathRegistry, declared_outputs, known_of, text_of
from seatrial.ports.contents import Contents, Place, Profile
from seatrial.ports.contracts import ScriptContract
from seatrial.ports.executions import ExecutionRecord, StepRecord, StepStatus
from seatrial.ports.storage import S3Uri, StoredObject
from seatrial.settings import ContentContract

PREFIX_PARAMETER = "EXECUTION_S3_PREFIX"

Listing = Callable[[S3Uri], Iterable[StoredObject]]
Reading = Callable[[S3Uri], bytes]
Printed = Callable[[str], Iterable[str]]
ContractOf = Callable[[str], ScriptContract | None]


@dataclass(frozen=True)
class Plan:
    """A definition and what is known of its parameters; `known` grows once there is an execution.

    `role` is what its jobs may do, where they are held to a policy; `scripts` finds the contract of a
    step's script.
    """

    definition: PipelineDefinition
    graph: Graph
    known: Known
    role: Role | None = None
    scripts: ContractOf | None = None

    @cached_property
    def outputs(self) -> tuple[DeclaredOutput, ...]:
        """Every output that a step declares, in the document's order."""
        return tuple(output for step in self.definition.all_steps() for output in declared_outputs(step))

    @cached_property
    def places(self) -> tuple[tuple[DeclaredOutput, str], ...]:
        """Every declared output with its location as text, as far as that is known."""
        return tuple((output, text_of(output.location, self.known).text) for output in self.outputs)

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        """Every place where a step names data that it reads, in the document's order."""
        return tuple(read for step in self.definition.all_steps() for read in reads_of(step))

    def contract_of(self, step: str) -> ScriptContract | None:
        """What the step's script expects, if somebody wrote it down."""
        return self.scripts(step) if self.scripts is not None else None

    def read(self, step: str, name: str) -> Read | None:
        """What a step's input of this name says that it reads."""
        return next((r for r in self.reads if (r.step, r.name) == (step, name)), None)

    def output(self, step: str, property_path: str) -> DeclaredOutput | None:
        """The output that a property path refers to."""
        return next((o for o in self.outputs if (o.step, o.property_path) == (step, property_path)), None)

    def exclusive(self, one: str, other: str) -> bool:
        """Whether the two steps stand on different branches of one condition, so that never both run."""
        branches = self._branches(one)
        return any(
            condition in branches and branches[condition] != branch
            for condition, branch in self._branches(other).items()
        )

    def ordered(self, one: str, other: str) -> bool:
        """Whether one of the two steps waits for the other."""
        return other in self.graph.descendants(one) or one in self.graph.descendants(other)

    def consumers(self, output: DeclaredOutput) -> tuple[str, ...]:
        """The steps that refer to the output, or to a property file inside it."""
        wanted = (output.step, output.name)
        edges = self.graph.read_of(output.step)
        found = (e.downstream for e in edges if self.referred(e.upstream, e.property_path or "") == wanted)
        return tuple(dict.fromkeys(found))

    def referred(self, step: str, path: str) -> tuple[str, str] | None:
        """The (step, output) that `Steps.<step>.<path>` stands for, None if it stands for something else."""
        producer = self.definition.step(step)
        for file in producer.property_files if producer else ():
            if path == f"PropertyFiles.{file.name}":
                return step, file.output_name
        if path.startswith("PropertyFiles."):
            return None
        parsed = PropertyPath.parse(path)
        model = model_referred(parsed)
        if model is not None:
            return step, model
        for index, output in enumerate(declared_outputs(producer) if producer else ()):
            by_position = output.property_path.replace(f"['{output.name}']", f"[{index}]")
            if parsed in (PropertyPath.parse(output.property_path), PropertyPath.parse(by_position)):
                return step, output.name
        return None

    def _branches(self, name: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        step = self.definition.step(name)
        while step is not None and step.parent is not None and step.branch is not None:
            found[step.parent] = step.branch
            step = self.definition.step(step.parent)
        return found


@dataclass(frozen=True)
class Flow:
    """One execution with what its steps really read and wrote, and the `role` that they were held to.

    `list_objects` and `read` look into the store as it is now; `printed` gives the lines that a step's
    job printed. Without them, what would need them is not judged. `contents` is what outputs and inputs
    were found to hold, `contracts` what they are to. `scripts` finds the contract of a step's script.
    """

    definition: PipelineDefinition
    graph: Graph
    record: ExecutionRecord
    registry: S3OutputPathRegistry
    list_objects: Listing | None = None
    read: Reading | None = None
    role: Role | None = None
    printed: Printed | None = None
    contents: Contents = field(default_factory=Contents)
    contracts: Mapping[str, ContentContract] = field(default_factory=dict)
    scripts: ContractOf | None = None

    @property
    def profiles(self) -> Mapping[Place, Profile]:
        """What each output was found to hold, by step and name."""
        return self.contents.outputs

    @cached_property
    def plan(self) -> Plan:
        """The definition with the parameters and the identity of this execution."""
        known = known_of(self.definition, self.record.parameters)
        told = Known(known.parameters, _identity(self.record))
        return Plan(self.definition, self.graph, told, scripts=self.scripts)

    @cached_property
    def writers(self) -> Mapping[tuple[str, str], tuple[str, str]]:
        """(bucket, key) of every object that this execution wrote, to (step, output)."""
        return {
            (stored.bucket, stored.key): (step.name, receipt.name)
            for step in self.record.steps
            for receipt in (step.result.outputs if step.result else ())
            for stored in receipt.objects
        }

    def listed(self, place: S3Uri) -> tuple[StoredObject, ...]:
        """What lies at the place now: asked once for all checks."""
        if place not in self._listings:
            self._listings[place] = tuple(self.list_objects(place) if self.list_objects else ())
        return self._listings[place]

    @cached_property
    def _listings(self) -> dict[S3Uri, tuple[StoredObject, ...]]:
        return {}

    def ran(self) -> Iterable[StepRecord]:
        """The steps that did something in this execution; what the others did was judged in their own.

        A step whose outcome was given did nothing either.
        """
        return (step for step in self.record.steps if step.reuse is None and not self._is_given(step.name))

    def told(self) -> Iterable[StepRecord]:
        """The steps whose reads are known: those that ran, here or in the execution that they are of."""
        return (step for step in self.record.steps if not self._is_given(step.name))

    def _is_given(self, step: str) -> bool:
        substitute = self.record.substitutes.get(step)
        return substitute is not None and substitute.gives

    def succeeded(self) -> Iterable[StepRecord]:
        """The steps that ran and ended well."""
        return (step for step in self.ran() if step.status is StepStatus.SUCCEEDED)


def plan_of(definition: PipelineDefinition, bound: Mapping[str, ParameterValue] | None = None) -> Plan:
    """The plan of a definition before its run."""
    known = known_of(definition, bound)
    prefix = known.parameters.get(PREFIX_PARAMETER)
    if isinstance(prefix, str):  # an execution takes the slash at its end away
        known = Known({**known.parameters, PREFIX_PARAMETER: prefix.rstrip("/")}, known.execution)
    return Plan(definition, build_graph(definition), known)


def _identity(record: ExecutionRecord) -> dict[str, str]:
    return {
        "PipelineExecutionId": record.execution_id,
        "PipelineExecutionArn": record.arn,
        "PipelineName": record.pipeline_name,
        "PipelineArn": record.pipeline_arn,
    }
