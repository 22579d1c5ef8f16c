"""One attempt at one transform job, from its request to its result; every verb has a file of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from seatrial.engines import logs
from seatrial.engines.attempt import JobAttempt
from seatrial.engines.diary import Diary
from seatrial.engines.ending import STOPPED, Ending
from seatrial.engines.job import JobOutput, RefusedJobError
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
from seatrial.ports.jobs import UPLOADING, JobRequest
from seatrial.ports.runners import JobSpec, Served

_CONNECTIONS = 128


class Attempt(JobAttempt):
    """Stages in, serves the model and asks it about every object, stages out."""

    def __init__(
        self, parts: Parts, request: JobRequest, diary: Diary, stage: Stage, stop: threading.Event
    ) -> None:
        super().__init__(parts.images, request, diary, stop)
        self._parts = parts
        self._stage = stage

    def _read(self) -> tuple[Transform, Model]:
        self._refuse(list_unsupported(self._request.parameters))
        if self._request.model is None:
            name = self._request.parameters.get("ModelName")
            raise RefusedJobError(f'ValidationException: Could not find model "{name}".')
        transform = read_transform(self._request, self._parts.settings.fidelity)
        return transform, read_model(self._request.model)

    def _live(self) -> Ending:
        transform, model = self._read()
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
        self._image = self._resolve_image(model.image_uri)
        self._diary.enter("Downloading")
        works = bring_in(parts.store, found, self._stage)
        self._diary.moved(bytes_in=sum(item.size for receipt in self._inputs for item in receipt.objects))
        spec = served_spec(parts, self._request, model, transform, self._image, self._stage)
        return spec, works

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
