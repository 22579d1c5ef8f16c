"""One attempt at one transform job, from its request to its result; every verb has a file of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import ExitStack

from seatrial.engines import logs
from seatrial.engines.attempt import JobAttempt
from seatrial.engines.diary import Diary
from seatrial.engines.ending import STOPPED, Ending
from seatrial.engines.job import JobOutput, RefusedJobError
from seatrial.engines.job_keys import JobKeys
from seatrial.engines.native.endings import Evidence
from seatrial.engines.native.stage_out import send_out
from seatrial.engines.native.staging import Stage
from seatrial.engines.serving.batch import Batch, Work
from seatrial.engines.serving.container import Hosting, Seat, log_of, seat_models
from seatrial.engines.serving.data_log import DataLog
from seatrial.engines.serving.endings import ended_early, judge, never_pinged
from seatrial.engines.serving.limits import settle
from seatrial.engines.serving.model import Model, read_model
from seatrial.engines.serving.parts import Parts
from seatrial.engines.serving.row import Guest, Silent, reach_all
from seatrial.engines.serving.stage_in import OUT, bring_in, bring_in_model, find, find_model
from seatrial.engines.serving.transform import Transform, read_transform
from seatrial.engines.serving.unsupported import list_unsupported
from seatrial.ports.jobs import UPLOADING, JobRequest

_CONNECTIONS = 128


class Attempt(JobAttempt):
    """Stages in, serves the model and asks it about every object, stages out."""

    def __init__(
        self, parts: Parts, request: JobRequest, diary: Diary, stage: Stage, stop: threading.Event
    ) -> None:
        super().__init__(parts.images, request, diary, stop, JobKeys(parts.store, parts.calls))
        self._parts = parts
        self._stage = stage
        self._seats: tuple[Seat, ...] = ()

    def _read(self) -> tuple[Transform, Model]:
        self._refuse(list_unsupported(self._request.parameters))
        if self._request.model is None:
            name = self._request.parameters.get("ModelName")
            raise RefusedJobError(f'ValidationException: Could not find model "{name}".')
        transform = read_transform(self._request, self._parts.settings.fidelity)
        return transform, read_model(self._request.model)

    def interrupt(self) -> None:
        """End the containers; those that were not started yet never are."""
        for seat in self._seats:
            self._parts.runner.stop(seat.spec.name)

    def _live(self) -> Ending:
        transform, model = self._read()
        self._diary.enter("Starting")
        with self._diary.timing("stage_in"):
            works = self._stage_in(transform, model)
        if self._stop.is_set():
            return STOPPED
        self._diary.enter(self._request.kind)
        with self._diary.timing("container"):
            ending = self._converse(transform, works)
        if self._stop.is_set():
            return STOPPED  # nothing of a job that was stopped is uploaded
        if ending.uploads:
            with self._diary.timing("stage_out"):
                self._stage_out(transform)
        return ending

    def _stage_in(self, transform: Transform, model: Model) -> list[Work]:
        parts, store = self._parts, self._parts.store
        role_arn = str((self._request.model or {}).get("ExecutionRoleArn", ""))
        found = find(store, transform, role_arn=role_arn, region=parts.address.region)
        data = find_model(store, model)
        self._inputs = (found.receipt, *data.receipts)
        if parts.settings.observation.files:
            self._files_unseen = (
                "a model is sent its data, and which of its own files it opens is not watched"
            )
        images = [self._resolve_image(container.image_uri) for container in model.containers]
        self._image = images[0]
        self._diary.enter("Downloading")
        works = bring_in(store, found, self._stage)
        bring_in_model(store, data, self._stage)
        self._diary.moved(bytes_in=sum(item.size for receipt in self._inputs for item in receipt.objects))
        hosting = Hosting(self._request, self._keys, transform.instance_type, transform.environment)
        self._seats = seat_models(parts, hosting, model, images, self._stage)
        return works

    def _converse(self, transform: Transform, works: Sequence[Work]) -> Ending:
        with ExitStack() as stack:
            guests = [
                Guest(seat, stack.enter_context(self._parts.server.serve(seat.spec, seat.port)))
                for seat in self._seats
            ]
            stack.callback(self.interrupt)  # all at once, before the first is waited for
            ending = self._ask(guests, transform, works)
            fallen = next((guest for guest in guests if guest.served.ended), guests[0])
        outcome = fallen.served.outcome()
        self._diary.ran(outcome)
        logs.gather(self._log, [(seat.title, log_of(self._request.folder, seat)) for seat in self._seats])
        evidence = Evidence(outcome, self._stage.tree, logs.tail(self._log))
        return ending or ended_early(evidence, transform.instance_type, self._name_of(fallen))

    def _ask(self, guests: Sequence[Guest], transform: Transform, works: Sequence[Work]) -> Ending | None:
        """How it went with the objects; None if it was a container that did not last."""
        patience = self._parts.settings.fidelity.transform_ping_seconds
        row = reach_all(guests, within=patience, connections=_CONNECTIONS, stop=self._stop.is_set)
        if isinstance(row, Silent):
            ended = any(guest.served.ended for guest in guests)
            return None if ended else never_pinged(patience, self._name_of(row.guest))
        try:
            limits, log = (
                settle(self._request.parameters, row.execution_parameters()),
                DataLog(self._log),
            )
            log.say(limits.text)
            batch = Batch(transform, limits, row, log, lambda: self._is_over(guests))
            return judge(works) if batch.run(works) else None
        finally:
            row.close()

    def _is_over(self, guests: Sequence[Guest]) -> bool:
        return self._stop.is_set() or any(guest.served.ended for guest in guests)

    def _name_of(self, guest: Guest) -> str:
        """What tells it from the others; nothing where there are none."""
        return guest.seat.name if len(self._seats) > 1 else ""

    def _stage_out(self, transform: Transform) -> None:
        self._diary.enter(UPLOADING)
        output = JobOutput("transform", transform.target, "", "TransformOutput.S3OutputPath")
        tree = self._stage.scratch / OUT
        tree.mkdir(exist_ok=True)
        self._outputs = send_out(self._parts.store, [tree], self._stage.scratch, [output], self._inputs)
        self._diary.moved(bytes_out=sum(item.size for each in self._outputs for item in each.objects))
