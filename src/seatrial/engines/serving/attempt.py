"""One attempt at one transform job, from its request to its result; every verb has a file of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from seatrial.engines import failures, logs
from seatrial.engines.describe import describe_transform_job
from seatrial.engines.diary import Diary
from seatrial.engines.ending import STOPPED, Ending, failed
from seatrial.engines.job import FailedJobError, JobOutput, RefusedJobError
from seatrial.engines.native.endings import Evidence
from seatrial.engines.native.stage_out import send_out
from seatrial.engines.native.staging import Stage
from seatrial.engines.serving.batch import Batch, Work
from seatrial.engines.serving.container import served_spec
from seatrial.engines.serving.data_log import DataLog
from seatrial.engines.serving.dialogue import PORT, reach
from seatrial.engines.serving.endings import ended_early, judge, never_pinged
from seatrial.engines.serving.limits import settle
from seatrial.engines.serving.model import Model, read_model
from seatrial.engines.serving.parts import Parts
from seatrial.engines.serving.stage_in import OUT, bring_in, find
from seatrial.engines.serving.transform import Transform, read_transform
from seatrial.engines.serving.unsupported import list_unsupported
from seatrial.errors import ImageError
from seatrial.ports.images import LocalImage
from seatrial.ports.jobs import UPLOADING, InputReceipt, JobRequest, JobResult, OutputReceipt
from seatrial.ports.runners import JobSpec, Served

_CONNECTIONS = 128


class Attempt:
    """Holds what is known so far, so that a job that fails midway still tells what it read and wrote."""

    def __init__(
        self, parts: Parts, request: JobRequest, diary: Diary, stage: Stage, stop: threading.Event
    ) -> None:
        self._parts = parts
        self._request = request
        self._diary = diary
        self._stage = stage
        self._stop = stop
        self._log = request.folder / "log.txt"
        self._image: LocalImage | None = None
        self._inputs: tuple[InputReceipt, ...] = ()
        self._outputs: tuple[OutputReceipt, ...] = ()

    def perform(self) -> JobResult:
        """Do all of it; whatever is the job's own fault ends up in the result."""
        self._log.touch()
        refusal = None
        try:
            ending = self._live(*self._read())
        except RefusedJobError as refused:
            refusal = str(refused)
            ending = failed(refusal)
        except FailedJobError as failure:
            ending = failed(str(failure))
        self._diary.enter(ending.secondary_status)
        return self._result(ending, refusal)

    def _read(self) -> tuple[Transform, Model]:
        impossible = list_unsupported(self._request.parameters)
        if impossible:
            raise RefusedJobError(f"ValidationException: not supported here: {'; '.join(impossible)}")
        if self._request.model is None:
            name = self._request.parameters.get("ModelName")
            raise RefusedJobError(f'ValidationException: Could not find model "{name}".')
        transform = read_transform(self._request, self._parts.settings.fidelity)
        return transform, read_model(self._request.model)

    def _live(self, transform: Transform, model: Model) -> Ending:
        self._diary.enter("Starting")
        with self._diary.timing("stage_in"):
            spec, works = self._stage_in(transform, model)
        if self._stop.is_set():
            return STOPPED
        self._diary.enter(self._request.kind)
        with self._diary.timing("container"):
            ending = self._converse(spec, transform, works)
        if self._stop.is_set():
            return STOPPED  # nothing of a job that was stopped is uploaded
        if ending.uploads:
            with self._diary.timing("stage_out"):
                self._stage_out(transform)
        return ending

    def _stage_in(self, transform: Transform, model: Model) -> tuple[JobSpec, list[Work]]:
        parts = self._parts
        found = find(
            parts.store,
            transform,
            model,
            role_arn=str((self._request.model or {}).get("ExecutionRoleArn", "")),
            region=parts.address.region,
        )
        self._inputs = found.receipts
        self._image = self._resolve_image(model)
        self._diary.enter("Downloading")
        works = bring_in(parts.store, found, self._stage)
        self._diary.moved(bytes_in=sum(item.size for receipt in self._inputs for item in receipt.objects))
        spec = served_spec(parts, self._request, model, transform, self._image, self._stage)
        return spec, works

    def _resolve_image(self, model: Model) -> LocalImage:
        try:
            return self._parts.images.resolve(model.image_uri)
        except ImageError as missing:
            raise FailedJobError(failures.image_missing(model.image_uri, missing)) from missing

    def _converse(self, spec: JobSpec, transform: Transform, works: Sequence[Work]) -> Ending:
        with self._parts.server.serve(spec, PORT) as served:
            ending = self._ask(served, transform, works)
        outcome = served.outcome()
        self._diary.ran(outcome)
        evidence = Evidence(outcome, self._stage.tree, logs.tail(self._log))
        return ending or ended_early(evidence, transform.instance_type)

    def _ask(self, served: Served, transform: Transform, works: Sequence[Work]) -> Ending | None:
        """How it went with the objects; None if it was the container that did not last."""
        patience = self._parts.settings.fidelity.transform_ping_seconds
        dialogue = reach(served, within=patience, connections=_CONNECTIONS, stop=self._stop.is_set)
        if dialogue is None:
            return None if served.ended else never_pinged(patience)
        try:
            limits, log = (
                settle(self._request.parameters, dialogue.execution_parameters()),
                DataLog(self._log),
            )
            log.say(limits.text)
            batch = Batch(transform, limits, dialogue, log, lambda: self._stop.is_set() or served.ended)
            return judge(works) if batch.run(works) else None
        finally:
            dialogue.close()

    def _stage_out(self, transform: Transform) -> None:
        self._diary.enter(UPLOADING)
        output = JobOutput("transform", transform.target, "", "TransformOutput.S3OutputPath")
        tree = self._stage.scratch / OUT
        tree.mkdir(exist_ok=True)
        self._outputs = send_out(self._parts.store, tree, self._stage.scratch, [output], self._inputs)
        self._diary.moved(bytes_out=sum(item.size for each in self._outputs for item in each.objects))

    def _result(self, ending: Ending, refusal: str | None) -> JobResult:
        return JobResult(
            describe=describe_transform_job(self._request, ending, self._diary.history),
            inputs=self._inputs,
            outputs=self._outputs,
            image=self._image,
            log_tail=logs.tail(self._log),
            seconds=self._diary.seconds,
            refusal=refusal,
        )
