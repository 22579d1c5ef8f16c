"""The process in which one job goes through the SDK's local mode: an order on stdin, an answer in a file.

What it prints is the job's log. It ends with whoever started it: when its stdin closes, so does it.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from seatrial.engines.local_mode.completing import completed_channels
from seatrial.engines.local_mode.messages import Answer, Order
from seatrial.engines.local_mode.own_folder import allow
from seatrial.engines.local_mode.uploads import Uploads

# The SDK's own opt-out, which otherwise only a file in the user's home can give.
_DEFAULTS = {
    "SchemaVersion": "1.0",
    "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}},
}


def main() -> None:
    """Do what is ordered; an exception of ours ends the process without an answer."""
    order = Order.from_json(sys.stdin.readline())
    threading.Thread(target=end_with_parent, daemon=True).start()
    _quiet_sdk()
    allow(Path(order.folder))
    uploads = Uploads()
    failure = _perform(order, uploads)
    sys.stdout.flush()
    Answer(order.job_name, failure, uploads.done()).write(Path(order.folder))


def _quiet_sdk() -> None:
    """Leave the log to the job: the SDK tells of its own configuration first."""
    warnings.filterwarnings("ignore", module=r"sagemaker\.")
    for name in ("sagemaker", "sagemaker.config"):
        logging.getLogger(name).setLevel(logging.ERROR)


def end_with_parent() -> None:
    """Wait until nobody holds the other end of stdin, then kill the whole group."""
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)  # Docker Compose is in it as well


def _perform(order: Order, uploads: Uploads) -> str | None:
    """Local mode's words if the job failed, None if it ended well."""
    client = _client(order, uploads)
    create = client.create_processing_job if order.kind == "Processing" else client.create_training_job
    try:
        with completed_channels():
            create(**order.members)
    except Exception as trouble:  # noqa: BLE001  # whatever local mode raises is its way to say that the job failed
        return str(trouble) if type(trouble) is RuntimeError else f"{type(trouble).__name__}: {trouble}"
    return None


def _client(order: Order, uploads: Uploads) -> Any:
    # Only this process imports them: they are optional, and slow.
    import boto3
    from sagemaker.local.local_session import LocalSession

    keys = order.credentials
    session = boto3.Session(
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.session_token,
        region_name=order.region,
    )
    uploads.watch(session.events)
    if order.reached_at != order.s3_url:
        session.events.register("before-send.s3", redirect(order.s3_url, order.reached_at))
    local = LocalSession(session, s3_endpoint_url=order.s3_url, sagemaker_config=_DEFAULTS)
    local.config = {
        "local": {"container_root": order.folder, "container_config": dict(order.container_config)}
    }
    return local.sagemaker_client


def redirect(named: str, reached: str) -> Callable[..., None]:
    """The SDK gives containers the address that it uses itself; this machine may need another."""

    def send_there(request: Any, **_: object) -> None:
        if request.url.startswith(named):
            # What was signed is the address by name.
            request.headers["Host"] = named.partition("://")[2]
            request.url = reached + request.url[len(named) :]

    return send_there


if __name__ == "__main__":
    main()
