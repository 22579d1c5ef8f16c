"""An execution without containers: steps do what the test says, and leave the receipts a job would leave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from seatrial.dataflow import Flow
from seatrial.definition import (
    MISSING,
    PipelineDefinition,
    PropertyPath,
    Step,
    build_graph,
    evaluate,
    evaluate_conditions,
    look_up,
)
from seatrial.outputs import registry_of
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, StepRecord, StepStatus
from seatrial.ports.jobs import ArchiveMember, InputReceipt, JobResult, LostFile, OutputReceipt
from seatrial.ports.storage import S3Uri, StoredObject
from tests.adapters.memory_store import MemoryStore

Json = Any
START = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
EXECUTION_ID = "abc123def456"
PREFIX = "s3://seatrial/cancer/abc123def456"
PART = {"part-0.csv": b"1,2\n"}


@dataclass(frozen=True)
class Doing:
    """What a step does: files by output, files lost with the container, how it fails, how often it tried."""

    writes: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    fails: str | None = None
    attempts: int = 1
    forgets: tuple[str, ...] = ()


NOTHING_SPECIAL = Doing()


def simulate(
    definition: PipelineDefinition,
    doing: Mapping[str, Doing] | None = None,
    *,
    parameters: Mapping[str, str] | None = None,
    store: MemoryStore | None = None,
    prefix: str = PREFIX,
) -> Flow:
    """Run the definition step after step and hand back its flow."""
    run = _Run(definition, dict(doing or {}), store or MemoryStore(), prefix, dict(parameters or {}))
    return run.flow()


class _Run:
    def __init__(
        self,
        definition: PipelineDefinition,
        doing: dict[str, Doing],
        store: MemoryStore,
        prefix: str,
        parameters: dict[str, str],
    ) -> None:
        self.definition = definition
        self.doing = doing
        self.store = store
        self.prefix = prefix
        defaults = {p.name: p.default for p in definition.parameters if p.default is not MISSING}
        declared = {"EXECUTION_S3_PREFIX": prefix} if definition.parameter("EXECUTION_S3_PREFIX") else {}
        self.parameters: dict[str, Json] = {**defaults, **declared, **parameters}
        self.records: dict[str, StepRecord] = {}
        self.now = START

    def flow(self) -> Flow:
        graph = build_graph(self.definition)
        for name in graph.order():
            step = self.definition.step(name)
            assert step is not None
            if self._ready(step, graph.upstream(name)):
                self.records[name] = self._run(step)
                self.now += timedelta(minutes=1)
        record = self._record()
        return Flow(
            self.definition,
            graph,
            record,
            registry_of(record, self.definition),
            self.store.list_objects,
            self.store.read,
        )

    def _record(self) -> ExecutionRecord:
        failed = any(step.status is StepStatus.FAILED for step in self.records.values())
        return ExecutionRecord(
            execution_id=EXECUTION_ID,
            arn=f"arn:aws:sagemaker:us-east-1:123456789012:pipeline/cancer/execution/{EXECUTION_ID}",
            pipeline_name="cancer",
            pipeline_arn="arn:aws:sagemaker:us-east-1:123456789012:pipeline/cancer",
            status=ExecutionStatus.FAILED if failed else ExecutionStatus.SUCCEEDED,
            definition=self.definition.text,
            parameters=self.parameters,
            prefix=self.prefix,
            started_at=START,
            ended_at=self.now,
            failure_reason="Step failure: One or multiple steps failed." if failed else None,
            steps=tuple(self.records.values()),
        )

    def _ready(self, step: Step, upstream: frozenset[str]) -> bool:
        taken = True
        if step.parent is not None:
            outcome = (
                self.records[step.parent].metadata["Condition"]["Outcome"]
                if step.parent in self.records
                else ""
            )
            taken = outcome == {"IfSteps": "True", "ElseSteps": "False"}[step.branch or "IfSteps"]
        ended = (self.records.get(name) for name in upstream)
        return taken and all(record and record.status is StepStatus.SUCCEEDED for record in ended)

    def _run(self, step: Step) -> StepRecord:
        kinds = {"Processing": self._processing, "Training": self._training, "Condition": self._condition}
        return kinds.get(step.type, self._other)(step)

    def _condition(self, step: Step) -> StepRecord:
        outcome = evaluate_conditions(step.arguments["Conditions"], self)
        return self._ended(
            step, metadata={"Condition": {"Outcome": str(outcome)}}, properties={"Outcome": outcome}
        )

    def _other(self, step: Step) -> StepRecord:
        request = evaluate(step.arguments, self)
        if step.type == "Fail":
            return self._ended(step, failure=request["ErrorMessage"])
        arn = "arn:aws:sagemaker:us-east-1:123456789012:model-package/Group/1"
        return self._ended(step, properties={**request, "ModelPackageArn": arn})

    def _processing(self, step: Step) -> StepRecord:
        request = evaluate(step.arguments, self)
        inputs = [
            self._staged(item["InputName"], item["S3Input"]["S3Uri"], item["S3Input"]["LocalPath"])
            for item in request["ProcessingInputs"]
        ]
        doing = self._doing(step)
        outputs = [
            self._written(
                item["OutputName"],
                item["S3Output"]["S3Uri"],
                item["S3Output"]["LocalPath"],
                f"ProcessingOutputConfig.Outputs['{item['OutputName']}'].S3Output.S3Uri",
                doing.writes.get(item["OutputName"], self._default(step, item["OutputName"])),
            )
            for item in request["ProcessingOutputConfig"]["Outputs"]
            if item["OutputName"] not in doing.forgets
        ]
        return self._job(step, request, inputs, outputs)

    def _training(self, step: Step) -> StepRecord:
        request = evaluate(step.arguments, self)
        inputs = [
            self._staged(
                item["ChannelName"],
                item["DataSource"]["S3DataSource"]["S3Uri"],
                f"/opt/ml/input/data/{item['ChannelName']}",
            )
            for item in request["InputDataConfig"]
        ]
        folder = f"{request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/job-{step.name}/output"
        files = self._doing(step).writes.get("model", {"model.bin": b"model"})
        uri = f"{folder}/model.tar.gz"
        stored = (self.store.write(S3Uri.parse(uri), repr(files).encode()),) if files else ()
        members = tuple(ArchiveMember(name, len(data), "0" * 64) for name, data in files.items())
        path = "ModelArtifacts.S3ModelArtifacts"
        model = OutputReceipt("model", uri, "/opt/ml/model", path, "ModelArtifacts", stored, (), members)
        extra = OutputReceipt(
            "output",
            f"{folder}/output.tar.gz",
            "/opt/ml/output/data",
            "OutputDataConfig.S3OutputPath",
            "S3Uri",
            (),
        )
        outputs = [model, extra]
        if checkpoints := request.get("CheckpointConfig"):
            place = checkpoints["S3Uri"]
            inputs.append(replace(self._staged("checkpoints", place, "/opt/ml/checkpoints"), required=False))
            made = self._doing(step).writes.get("checkpoints", {"epoch-1": b"weights"})
            outputs.append(
                self._written("checkpoints", place, "/opt/ml/checkpoints", "CheckpointConfig.S3Uri", made)
            )
        return self._job(step, {**request, "ModelArtifacts": {"S3ModelArtifacts": uri}}, inputs, outputs)

    def _doing(self, step: Step) -> Doing:
        return self.doing.get(step.name, NOTHING_SPECIAL)

    def _default(self, step: Step, output: str) -> Mapping[str, bytes]:
        files = {
            f.file_path: json.dumps({"auc": 0.9}).encode()
            for f in step.property_files
            if f.output_name == output
        }
        return files or PART

    def _staged(self, name: str, uri: str, container_path: str) -> InputReceipt:
        return InputReceipt(name, uri, container_path, tuple(self.store.list_objects(S3Uri.parse(uri))))

    def _written(
        self, name: str, uri: str, container_path: str, path: str, files: Mapping[str, bytes]
    ) -> OutputReceipt:
        base = S3Uri.parse(uri)
        ours = tuple(self.store.write(base.child(relative), data) for relative, data in files.items())
        found = self.store.list_objects(S3Uri(base.bucket, f"{base.key.rstrip('/')}/"))
        existing = tuple(stored for stored in found if stored.key not in {o.key for o in ours})
        return OutputReceipt(name, uri, container_path, path, "S3Uri", ours, existing)

    def _job(
        self, step: Step, request: Json, inputs: list[InputReceipt], outputs: list[OutputReceipt]
    ) -> StepRecord:
        doing = self._doing(step)
        lost = tuple(LostFile(path, 7) for path in doing.lost)
        result = JobResult(
            request, tuple(inputs), tuple(outputs), lost, log_tail=("Traceback …", "KeyError: 'x'")
        )
        return self._ended(step, properties=request, result=result, failure=doing.fails)

    def _ended(
        self,
        step: Step,
        *,
        metadata: Mapping[str, Json] | None = None,
        properties: Mapping[str, Json] | None = None,
        result: JobResult | None = None,
        failure: str | None = None,
    ) -> StepRecord:
        return StepRecord(
            name=step.name,
            type=step.type,
            status=StepStatus.FAILED if failure is not None else StepStatus.SUCCEEDED,
            attempts=self._doing(step).attempts,
            started_at=self.now,
            ended_at=self.now + timedelta(seconds=30),
            failure_reason=failure,
            job_name=f"job-{step.name}" if result else None,
            metadata=metadata or {},
            properties=properties or {},
            result=result,
        )

    def parameter(self, name: str) -> Json:
        return self.parameters[name]

    def execution(self, name: str) -> Json:
        return {"PipelineExecutionId": EXECUTION_ID}[name]

    def step_property(self, step: str, path: PropertyPath) -> Json:
        return look_up(self.records[step].properties, path)

    def property_file(self, step: str, name: str) -> Json:
        found = self.definition.step(step)
        assert found is not None
        file = next(file for file in found.property_files if file.name == name)
        result = self.records[step].result
        assert result is not None
        receipt = next(receipt for receipt in result.outputs if receipt.name == file.output_name)
        return json.loads(self.store.read(S3Uri.parse(receipt.s3_uri).child(file.file_path)))

    def s3_json(self, uri: str) -> Json:
        return json.loads(self.store.read(S3Uri.parse(uri)))


def stored(uri: str, size: int = 4) -> StoredObject:
    """An object that only a receipt speaks of."""
    place = S3Uri.parse(uri)
    return StoredObject(place.bucket, place.key, size, "0" * 32)
