"""One call of a function, from its request to its result."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from seatrial.definition.output_values import OutputError, read_outputs
from seatrial.engines.attempt import JobAttempt
from seatrial.engines.diary import Diary
from seatrial.engines.ending import COMPLETED, STOPPED, Ending, failed
from seatrial.engines.functions.container import called_spec
from seatrial.engines.functions.describe import describe_call
from seatrial.engines.functions.endings import InvocationError, answer_of
from seatrial.engines.functions.parts import IMAGE, INVOCATION, TASK, Parts
from seatrial.engines.functions.unzipping import unzip
from seatrial.engines.job import RefusedJobError
from seatrial.engines.job_keys import JobKeys
from seatrial.engines.locations import staged
from seatrial.engines.native.staging import Stage, take_back
from seatrial.ports.functions import FunctionCode
from seatrial.ports.jobs import JobRequest
from seatrial.ports.runners import JobOutcome

# As the service words it; more than this is refused by the call itself.
_MOST_EVENT = 6 * 1024 * 1024
TOO_LARGE = (
    "RequestTooLargeException: Request must be smaller than 6291456 bytes for the InvokeFunction operation"
)


class Attempt(JobAttempt):
    """Stages the code and the event, runs the container, reads what it answered."""

    def __init__(
        self, parts: Parts, request: JobRequest, diary: Diary, stage: Stage, stop: threading.Event
    ) -> None:
        super().__init__(parts.images, request, diary, stop, JobKeys(parts.store, parts.calls))
        self._parts = parts
        self._stage = stage
        self._values: Mapping[str, str | int | float | bool] = {}
        self._running = False

    @property
    def execution_id(self) -> str:
        """Whose call it is."""
        return self._request.execution_id

    def kill(self) -> None:
        """End it, wherever it is: nobody hears of its result."""
        self._stop.set()
        self._parts.runner.stop(self._request.name)

    def interrupt(self) -> None:
        """A function that runs is left alone until it ends, or its time is over; people are told so, once."""
        function = self._request.function
        if self._running and function is not None:
            self._running = False
            most = f"it has at most {function.timeout_seconds} s"
            self._diary.enter(f"Running; a function cannot be stopped, {most}")

    def _live(self) -> Ending:
        function = self._function()
        self._diary.enter("Starting")
        with self._diary.timing("stage_in"):
            self._image = self._resolve_image(IMAGE)
            self._stage_in(function)
        if self._stop.is_set():
            return STOPPED
        self._diary.enter("Running")
        self._running = True
        with self._diary.timing("container"):
            outcome = self._call(function)
        self._running = False
        return self._judged(function, outcome)

    def _function(self) -> FunctionCode:
        function = self._request.function
        if function is None:
            named = self._request.parameters["FunctionName"]
            raise RefusedJobError(f"ResourceNotFoundException: Function not found: {named}")
        return function

    def _stage_in(self, function: FunctionCode) -> None:
        event = json.dumps(self._request.parameters["Payload"], ensure_ascii=False)
        if len(event.encode(errors="surrogatepass")) > _MOST_EVENT:
            raise RefusedJobError(TOO_LARGE)
        code, invocation = (staged(self._stage.tree, place) for place in (TASK, INVOCATION))
        unzip(function.archive, code)
        invocation.mkdir(parents=True)
        invocation.chmod(0o777)
        place = invocation / "event.json"
        place.write_text(json.dumps(self._request.parameters["Payload"]), encoding="utf-8")
        place.chmod(0o644)

    def _call(self, function: FunctionCode) -> JobOutcome:
        image = self._image.reference if self._image else IMAGE
        outcome = self._parts.runner.run(
            called_spec(self._parts, self._keys, self._request, function, image, self._stage)
        )
        self._diary.ran(outcome)
        if outcome.lost:
            self._parts.runner.settle(self._request.name)
        take_back(self._stage.tree, self._parts.runner)
        return outcome

    def _judged(self, function: FunctionCode, outcome: JobOutcome) -> Ending:
        try:
            answer = answer_of(function, outcome, staged(self._stage.tree, INVOCATION))
            self._values = read_outputs(self._request.parameters["DeclaredOutputs"], answer)
        except (InvocationError, OutputError) as failure:
            return failed(str(failure))
        return COMPLETED

    def _describe(self, ending: Ending) -> Mapping[str, Any]:
        return describe_call(self._request, ending, self._diary.history, self._values)
