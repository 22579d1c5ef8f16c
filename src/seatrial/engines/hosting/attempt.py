"""One attempt at one endpoint: its containers started, each of them ready, all of it announced."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

from seatrial.engines import logs
from seatrial.engines.attempt import JobAttempt
from seatrial.engines.diary import Diary
from seatrial.engines.ending import STOPPED, Ending, failed
from seatrial.engines.hosting.desk import FrontDesk, open_desk
from seatrial.engines.hosting.request import Endpoint, Variant, read_endpoint
from seatrial.engines.hosting.standing import Standing
from seatrial.engines.hosting.watch import watch
from seatrial.engines.job_keys import JobKeys
from seatrial.engines.native.endings import Evidence
from seatrial.engines.native.staging import Stage
from seatrial.engines.serving.container import Hosting, Seat, log_of, seat_models
from seatrial.engines.serving.data_log import DataLog
from seatrial.engines.serving.endings import ended_early
from seatrial.engines.serving.parts import Parts
from seatrial.engines.serving.row import Guest, Silent, reach_all
from seatrial.engines.serving.stage_in import bring_in_model, find_model
from seatrial.ports.jobs import JobRequest

_CONNECTIONS = 1
IN_SERVICE = Ending("Completed", "InService")


class Attempt(JobAttempt):
    """What it starts lives as long as `stack`; an endpoint in service takes it away for itself."""

    def __init__(
        self,
        parts: Parts,
        standing: Standing,
        request: JobRequest,
        diary: Diary,
        stage: Stage,
        stop: threading.Event,
        stack: ExitStack,
    ) -> None:
        super().__init__(parts.images, request, diary, stop, JobKeys(parts.store, parts.calls))
        self._parts = parts
        self._standing = standing
        self._stage = stage
        self._stack = stack
        self._seats: tuple[Seat, ...] = ()

    def interrupt(self) -> None:
        """End the containers; those that were not started yet never are."""
        for seat in self._seats:
            self._parts.runner.stop(seat.spec.name)

    def _live(self) -> Ending:
        endpoint = read_endpoint(self._request)
        self._diary.enter("Creating")
        with self._diary.timing("stage_in"):
            seated = [(variant, self._seat(endpoint, variant)) for variant in endpoint.variants]
        self._seats = tuple(seat for _, seats in seated for seat in seats)
        if self._stop.is_set():
            return STOPPED
        # What does not stand ends here, so that the end of the log is in the result.
        with self._diary.timing("container"), self._stack:
            ending = self._start(endpoint, seated)
        if self._stop.is_set():
            self._standing.dismiss(self._request.execution_id, endpoint.name)
            return STOPPED
        return ending

    def _seat(self, endpoint: Endpoint, variant: Variant) -> tuple[Seat, ...]:
        """The containers of one variant, described, with what they will find."""
        label = variant.name if len(endpoint.variants) > 1 else ""
        data = find_model(self._parts.store, variant.model)
        receipts = (replace(each, name=_joined(each.name, label)) for each in data.receipts)
        self._inputs = (*self._inputs, *receipts)
        images = [self._resolve_image(container.image_uri) for container in variant.model.containers]
        self._image = self._image or images[0]
        bring_in_model(self._parts.store, data, self._stage, label)
        self._diary.moved(bytes_in=sum(item.size for receipt in self._inputs for item in receipt.objects))
        hosting = Hosting(self._request, self._keys, variant.instance_type, {}, label)
        return seat_models(self._parts, hosting, variant.model, images, self._stage)

    def _start(self, endpoint: Endpoint, seated: Sequence[tuple[Variant, Sequence[Seat]]]) -> Ending:
        others = [(seat.title, log_of(self._request.folder, seat)) for seat in self._seats]
        for seat in self._seats:
            seat.spec.log_path.touch()  # also of one that is stopped before it writes anything
        self._stack.callback(partial(logs.gather, self._log, others))
        began = time.monotonic()
        hosted = [
            (
                variant,
                [
                    Guest(seat, self._stack.enter_context(self._parts.server.serve(seat.spec, seat.port)))
                    for seat in seats
                ],
            )
            for variant, seats in seated
        ]
        self._stack.callback(self.interrupt)  # all at once, before the first is waited for
        for variant, guests in hosted:
            left = max(0.0, began + variant.ping_seconds - time.monotonic())
            row = reach_all(guests, within=left, connections=_CONNECTIONS, stop=self._stop.is_set)
            if isinstance(row, Silent):
                return self._not_ready(variant, guests, row)
            row.close()
        for variant, guests in hosted:
            fallen = next((guest for guest in guests if guest.served.ended), None)
            if fallen is not None:  # while others were waited for
                return self._not_ready(variant, guests, Silent(fallen))
        log = DataLog(self._log)

        def announce(desk: FrontDesk) -> str:
            where = desk.announce(endpoint.name, hosted)
            watch([guest for _, guests in hosted for guest in guests], desk, log)
            return where

        where = self._standing.bring_in(
            self._request.execution_id,
            endpoint.name,
            self._stack,
            open_desk=partial(open_desk, self._parts, self._request),
            announce=announce,
        )
        log.say(f"endpoint {endpoint.name} is InService at {where}")
        self._note = f"answers at {where} until the execution ends"
        return IN_SERVICE

    def _not_ready(self, variant: Variant, guests: Sequence[Guest], silent: Silent) -> Ending:
        """In the service's words, and why as far as it is known."""
        which = "primary container" if len(guests) == 1 else f"{silent.guest.seat.name} container"
        said = (
            f"The {which} for production variant {variant.name} did not pass the ping health check. "
            "Please check CloudWatch logs for this endpoint."
        )
        if not silent.guest.served.ended:
            return failed(f"{said} ({variant.ping_seconds:g} s)")
        outcome = silent.guest.served.outcome()
        self._diary.ran(outcome)
        evidence = Evidence(outcome, self._stage.tree, logs.tail(silent.guest.seat.spec.log_path))
        why = ended_early(evidence, variant.instance_type)
        return STOPPED if why is STOPPED else failed(f"{said} ({why.failure_reason})")


def _joined(name: str, label: str) -> str:
    return f"{name}-{label}" if label else name
