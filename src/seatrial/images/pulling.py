"""Pulling a public image, without waiting long for a registry that does not answer."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from typing import Any

import docker
from docker.errors import DockerException
from docker.utils.config import load_general_config

from seatrial.images.watching import Say, Watch

SECONDS_TO_FIRST_ANSWER = 15.0
SECONDS_BETWEEN_ANSWERS = 300.0
"""Unpacking one large layer is silent."""


def try_pull(client: docker.DockerClient, reference: str, say: Say) -> str | None:
    """Pull the image; None when it is there, else the reason why it is not."""
    news: queue.Queue[Mapping[str, Any] | None] = queue.Queue()
    # A daemon thread: where the registry is a black hole, the engine's own patience outlasts ours.
    threading.Thread(target=_pull, args=(client, reference, news), daemon=True).start()
    watch = Watch(f"pulling {reference}", say)
    patience = SECONDS_TO_FIRST_ANSWER
    while True:
        try:
            line = news.get(timeout=patience)
        except queue.Empty:
            return f"the registry did not answer within {patience:.0f} s"
        if line is None:
            return None
        if "error" in line:
            return str(line["error"])
        patience = SECONDS_BETWEEN_ANSWERS
        watch.see(f"{line.get('id', '')} {line.get('status', '')} {line.get('progress', '')}")


def _pull(client: docker.DockerClient, reference: str, news: queue.Queue[Mapping[str, Any] | None]) -> None:
    try:
        for line in client.api.pull(reference, stream=True, decode=True):
            news.put(line)
    except (DockerException, OSError) as failure:
        news.put({"error": getattr(failure, "explanation", None) or str(failure)})
    news.put(None)


def is_offered(client: docker.DockerClient, reference: str) -> bool:
    """Whether the registry answers, in time, that it has the image."""
    answer: queue.Queue[bool] = queue.Queue()
    threading.Thread(target=_ask, args=(client, reference, answer), daemon=True).start()
    try:
        return answer.get(timeout=SECONDS_TO_FIRST_ANSWER)
    except queue.Empty:
        return False


def _ask(client: docker.DockerClient, reference: str, answer: queue.Queue[bool]) -> None:
    try:
        client.images.get_registry_data(reference)
    except (DockerException, OSError):
        answer.put(False)
    else:
        answer.put(True)


def has_credentials(registry: str) -> bool:
    """Whether Docker's own configuration can log in to the registry; asks no credential helper."""
    configuration = load_general_config()
    return any(registry in configuration.get(table, {}) for table in ("auths", "credHelpers"))
