"""What every engine does around one attempt at one job, whatever the job is; knows no engine.

An attempt holds what is known so far, so that a job that fails midway still tells what it read and wrote.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from seatrial.engines import failures, logs
from seatrial.engines.describe import describe_job
from seatrial.engines.diary import Diary
from seatrial.engines.ending import Ending, failed
from seatrial.engines.job import FailedJobError, RefusedJobError
from seatrial.engines.job_keys import JobKeys
from seatrial.errors import AccessDeniedError, ImageError
from seatrial.ports.images import ImageResolver, LocalImage
from seatrial.ports.jobs import Denial, InputReceipt, JobRequest, JobResult, LostFile, OutputReceipt
from seatrial.ports.observation import InputFiles, Observation


class JobAttempt(ABC):
    """From a request to its result; how the job lives is the engine's own."""

    def __init__(
        self,
        images: ImageResolver,
        request: JobRequest,
        diary: Diary,
        stop: threading.Event,
        keys: JobKeys,
    ) -> None:
        self._images = images
        self._request = request
        self._diary = diary
        self._stop = stop
        self._keys = keys
        self._log = request.folder / "log.txt"
        self._image: LocalImage | None = None
        self._inputs: tuple[InputReceipt, ...] = ()
        self._outputs: tuple[OutputReceipt, ...] = ()
        self._lost: tuple[LostFile, ...] = ()
        self._metrics: Mapping[str, float] = {}
        self._note: str | None = None
        self._denied: tuple[Denial, ...] = ()
        # What the engine saw of the files that were opened, or why it saw nothing; both None: nobody looked.
        self._input_files: tuple[InputFiles, ...] | None = None
        self._files_unseen: str | None = None

    def perform(self) -> JobResult:
        """Do all of it; whatever is the job's own fault ends up in the result."""
        self._log.touch()
        try:
            return self._result()
        finally:
            self._keys.forget()

    def _result(self) -> JobResult:
        refusal = None
        try:
            ending = self._live()
        except RefusedJobError as refused:
            refusal = str(refused)
            ending = failed(refusal)
            self._remember_denial(refused)
        except FailedJobError as failure:
            ending = failed(str(failure))
            self._remember_denial(failure)
        except AccessDeniedError as denial:
            ending = failed(failures.access_denied(denial))
            self._remember_denial(denial)
        self._diary.enter(ending.secondary_status)
        return JobResult(
            describe=self._describe(ending),
            inputs=self._inputs,
            outputs=self._outputs,
            lost_files=self._lost,
            image=self._image,
            log_tail=logs.tail(self._log),
            seconds=self._diary.seconds,
            refusal=refusal,
            note=self._note,
            observation=self._observation(),
            denied=self._denied,
        )

    @abstractmethod
    def _live(self) -> Ending:
        """Read the request and do the job."""

    def _remember_denial(self, failure: BaseException | None) -> None:
        """Keep what the role was denied, if that is what the failure comes from."""
        while failure is not None:
            if isinstance(failure, AccessDeniedError):
                self._denied = (*self._denied, Denial(failure.action, failure.where or ""))
            failure = failure.__cause__

    def _observation(self) -> Observation | None:
        """What was seen of the job, put together in this one place; None if nobody looked."""
        calls = self._keys.calls()
        seen = Observation(
            calls=calls.calls,
            calls_unseen=calls.unseen,
            inputs=self._input_files,
            files_unseen=self._files_unseen,
        )
        return seen if seen != Observation() else None

    def _describe(self, ending: Ending) -> Mapping[str, Any]:
        """The job as its Describe* call tells of it."""
        return describe_job(self._request, ending, self._diary.history, self._metrics)

    def _refuse(self, impossible: Sequence[str]) -> None:
        """Raise for what the engine cannot do; an expression may have hidden it until now."""
        if impossible:
            raise RefusedJobError(f"ValidationException: not supported here: {'; '.join(impossible)}")

    def _resolve_image(self, uri: str) -> LocalImage:
        try:
            return self._images.resolve(uri)
        except ImageError as missing:
            raise FailedJobError(failures.image_missing(uri, missing)) from missing
