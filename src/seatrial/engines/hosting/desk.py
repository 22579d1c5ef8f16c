"""Starts the desk of an execution in a container, and tells it which endpoints there are."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from seatrial.engines.hosting import front_desk
from seatrial.engines.hosting.request import Variant
from seatrial.engines.job import FailedJobError
from seatrial.engines.serving.dialogue import reach
from seatrial.engines.serving.parts import Parts
from seatrial.engines.serving.row import Guest
from seatrial.ports.jobs import JobRequest
from seatrial.ports.runners import JobSpec
from seatrial.runners.labels import EXECUTION_LABEL, JOB_LABEL, STEP_LABEL

IMAGE = "seatrial/base"
_PATIENCE = 60.0


@dataclass(frozen=True)
class FrontDesk:
    """One that answers. `url_for_jobs` is good on their network, `url` on this machine."""

    url_for_jobs: str
    url: str
    reached: str
    token: str

    def announce(self, endpoint: str, hosted: Sequence[tuple[Variant, Sequence[Guest]]]) -> str:
        """From now on the endpoint answers; the address under which it does."""
        path = f"/endpoints/{quote(endpoint)}"
        self._tell(path, [_as_json(variant, guests) for variant, guests in hosted])
        return f"{self.url}{path}/invocations"

    def report_fallen(self, container: str, why: str) -> None:
        """The container has ended; who asks it hears why."""
        self._tell(f"/fallen/{quote(container)}", why)

    def _tell(self, path: str, what: object) -> None:
        try:
            answer = PoolManager().request(
                "PUT",
                self.reached + path,
                body=json.dumps(what),
                headers={"Authorization": self.token},
                timeout=_PATIENCE,
            )
        except HTTPError as silence:
            raise FailedJobError(f"InternalServerError: the desk does not answer: {silence}") from silence
        if answer.status != 200:
            raise FailedJobError(f"InternalServerError: the desk refused to hear it: {answer.status}")


def open_desk(parts: Parts, request: JobRequest, stack: ExitStack) -> FrontDesk:
    """Start it; it lives as long as the stack."""
    token = secrets.token_hex(16)
    spec = JobSpec(
        name=f"{request.name}-desk",
        image=parts.images.resolve(IMAGE).reference,
        log_path=request.folder / "desk.txt",
        entrypoint=("python3", "-c", Path(front_desk.__file__).read_text(encoding="utf-8")),
        command=(),
        environment={front_desk.TOKEN: token, "PYTHONUNBUFFERED": "1"},
        network=parts.address.network,
        labels={
            EXECUTION_LABEL: request.execution_id,
            STEP_LABEL: request.step_name,
            JOB_LABEL: request.name,
        },
        grace_seconds=1.0,
        init=True,
    )
    served = stack.enter_context(parts.server.serve(spec, front_desk.PORT))
    dialogue = reach(served, within=_PATIENCE, connections=1, stop=lambda: False)
    if dialogue is None:
        raise FailedJobError("InternalServerError: the desk where endpoints are asked did not start")
    dialogue.close()
    urls = served.urls
    local = next((url for url in urls if "//127.0.0.1:" in url), urls[0])
    return FrontDesk(url_for_jobs=urls[0], url=local, reached=dialogue.url, token=token)


def _as_json(variant: Variant, guests: Sequence[Guest]) -> dict[str, Any]:
    several = len(guests) > 1
    return {
        "name": variant.name,
        "weight": variant.weight,
        "direct": variant.direct,
        # The service calls the only container of a model the primary one.
        "containers": [
            {
                "name": guest.seat.name if several else "primary",
                "id": guest.seat.spec.name,
                "url": guest.served.urls[0],
            }
            for guest in guests
        ],
    }
