"""One attempt at one job through local mode, from its request to its result."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from seatrial.engines import failures, logs
from seatrial.engines.attempt import JobAttempt
from seatrial.engines.diary import Diary
from seatrial.engines.ending import COMPLETED, STOPPED, Ending, failed
from seatrial.engines.job import FailedJobError, Job
from seatrial.engines.job_keys import JobKeys
from seatrial.engines.local_mode import mapping
from seatrial.engines.local_mode.messages import LostAnswerError, Order, read_answer
from seatrial.engines.local_mode.process import run_child
from seatrial.engines.local_mode.receipts import list_inputs, list_outputs, make_receipts
from seatrial.engines.local_mode.surroundings import Surroundings
from seatrial.engines.local_mode.unsupported import list_unsupported
from seatrial.engines.metrics import final_values
from seatrial.engines.own_transfers import lying, offered, sent
from seatrial.engines.processing import read_processing_job
from seatrial.engines.training import read_training_job
from seatrial.errors import EnvironmentUnfitError, StorageError
from seatrial.ports.images import ImageResolver, LocalImage
from seatrial.ports.jobs import JobRequest
from seatrial.ports.observation import CallLog
from seatrial.ports.runners import Runner
from seatrial.ports.storage import ObjectStore, S3Uri, StoreAddress
from seatrial.settings import Settings

_READ = {"Processing": read_processing_job, "Training": read_training_job}
# Nothing limits the time that a job may take.
_KEYS_LAST = timedelta(days=7)
# Docker goes on with a create whose client was killed; it takes some hundredths of a second.
_LATE_CREATE_SECONDS = 0.3


@dataclass(frozen=True)
class Parts:
    """What every attempt is done with."""

    runner: Runner
    store: ObjectStore
    address: StoreAddress
    images: ImageResolver
    settings: Settings
    surroundings: Surroundings
    program: str
    calls: CallLog | None = None


class Attempt(JobAttempt):
    """Hands the job to local mode in a process of its own."""

    def __init__(
        self, parts: Parts, request: JobRequest, diary: Diary, folder: Path, stop: threading.Event
    ) -> None:
        super().__init__(parts.images, request, diary, stop, JobKeys(parts.store, parts.calls))
        self._parts = parts
        self._folder = folder

    def _read(self) -> Job:
        kind, parameters = self._request.kind, self._request.parameters
        self._refuse(list_unsupported(kind, parameters))
        return _READ[kind](self._request)

    def _live(self) -> Ending:
        job = self._read()
        self._diary.enter("Starting")
        self._image = self._resolve_image(job.image_uri)
        self._require_sight(self._image)
        store = self._parts.store
        self._inputs = (*list_inputs(store, job), *offered(store, job.own_inputs))
        if self._inputs and self._parts.settings.observation.files:
            self._files_unseen = "local mode mounts the folders, and they are not watched"
        before, lay = list_outputs(store, job), lying(store, job.own_outputs)
        self._make_buckets(job)
        if self._stop.is_set():
            return STOPPED
        self._diary.enter(self._request.kind)
        ending, uploaded = self._go_through_local_mode()
        receipts = make_receipts(store, before, uploaded, self._folder)
        if ending.uploads or any(receipt.objects for receipt in receipts):
            self._outputs = receipts
        ours = [item for receipt in receipts for item in receipt.objects]
        self._outputs += sent(store, job.own_outputs, lay, besides=ours)
        if job.metrics:
            self._metrics = final_values(logs.lines(self._log), job.metrics)
        return ending

    def _require_sight(self, image: LocalImage) -> None:
        """Docker Compose would mount empty folders where the engine does not see ours, and the job run on."""
        if not self._parts.surroundings.sees(self._folder, image.reference):
            raise EnvironmentUnfitError(
                f"local mode mounts folders by their path, and Docker Engine does not see {self._folder}",
                slug="folder-not-seen",
                where=str(self._folder),
                hint="run seatrial where the engine runs, or with --engine native",
            )

    def _make_buckets(self, job: Job) -> None:
        """The SDK makes no bucket but its own default one."""
        for output in job.outputs:
            try:
                self._parts.store.ensure_bucket(output.uri.bucket)
            except StorageError as refusal:
                if refusal.slug == "invalid-bucket":
                    raise FailedJobError(
                        f"ClientError: Failed to upload data. {refusal.message}"
                    ) from refusal
                raise

    def _go_through_local_mode(self) -> tuple[Ending, frozenset[S3Uri] | None]:
        """How it ended, and what it put, if that is known."""
        labels = mapping.job_labels(self._request)
        with self._reachable_store() as address:
            order = self._order(address)
            code = -1
            try:
                with self._diary.timing("container"), self._diary.running():
                    code = run_child(order, self._log, self._stop, program=self._parts.program)
                codes = self._parts.surroundings.exit_codes(labels)
            finally:
                self._remove_containers(labels, killed=code != 0)
        if self._stop.is_set():
            return STOPPED, None
        try:
            answer = read_answer(self._folder, self._request.name, code)
        except LostAnswerError as lost:
            return failed(failures.lost_status(str(lost))), None
        return _judge(answer.failure, codes), answer.uploaded

    @contextmanager
    def _reachable_store(self) -> Iterator[StoreAddress]:
        """The store's address as containers of local mode have to be told it."""
        address = self._parts.address
        url = urlsplit(address.container_endpoint_url)
        with self._parts.surroundings.reaching(address.network, url.hostname or "") as place:
            if place is None:
                yield address
            else:
                port = f":{url.port}" if url.port else ""
                yield replace(address, container_endpoint_url=f"{url.scheme}://{place}{port}")

    def _order(self, address: StoreAddress) -> Order:
        request, settings = self._request, self._parts.settings
        environment = mapping.environment(address, set_default_region=settings.fidelity.set_default_region)
        return Order(
            kind=request.kind,
            job_name=request.name,
            members=mapping.members(request, self._image.reference if self._image else "", environment),
            s3_url=address.container_endpoint_url,
            reached_at=address.endpoint_url,
            region=address.region,
            credentials=self._keys.for_a_container(_KEYS_LAST),
            folder=str(self._folder),
            container_config=mapping.container_config(request, address),
        )

    def _remove_containers(self, labels: Mapping[str, str], *, killed: bool) -> None:
        """Local mode leaves its containers behind, and a killed one may still be making one."""
        self._parts.runner.sweep(labels)
        if killed:
            time.sleep(_LATE_CREATE_SECONDS)
            self._parts.runner.sweep(labels)


def _judge(failure: str | None, exit_codes: list[int]) -> Ending:
    """Local mode's word, but success only if the containers themselves ended with 0.

    It takes Docker Compose's code 130 for a success, as after Ctrl-C, and asks no container.
    """
    if failure is not None:
        return failed(failure)
    if not exit_codes:
        return failed(failures.lost_status("no container of the job was found when local mode had ended"))
    bad = next((code for code in exit_codes if code), None)
    if bad is not None:
        return failed(f"local mode called the job completed, but its container ended with exit code {bad}")
    return COMPLETED
