"""Requests and responses as inference scripts see them, and the WSGI application that answers."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Request as HttpRequest
from werkzeug.wrappers import Response as HttpResponse

from sagemaker_containers import content_types
from sagemaker_containers.env import ServingEnv


class Request:
    """One call of `/invocations`, with the defaults of SageMaker's own image."""

    def __init__(self, request: HttpRequest) -> None:
        self.content_type = request.headers.get("Content-Type") or content_types.JSON
        accept = request.headers.get("Accept")
        self.accept = ServingEnv().default_accept if not accept or accept == content_types.ANY else accept
        self.content: Any = request.get_data()
        if self.content_type.partition(";")[0].strip() in content_types.UTF8_TYPES:
            self.content = self.content.decode("utf-8")


class Response(HttpResponse):
    """What a script's `output_fn` may return."""

    def __init__(
        self,
        response: Any = None,
        accept: str | None = None,
        status: int = HTTPStatus.OK,
        headers: Mapping[str, str] | None = None,
        mimetype: str | None = None,
        content_type: str | None = None,
        direct_passthrough: bool = False,
    ) -> None:
        kind = content_type or accept or mimetype or content_types.JSON
        super().__init__(response, int(status), headers, None, kind, direct_passthrough)


Answer = Callable[[HttpRequest], HttpResponse]


class Worker:
    """The three paths of a serving container; a path without an answer is not found."""

    def __init__(self, ping: Answer, invocations: Answer, execution_parameters: Answer | None = None) -> None:
        self._answers: dict[tuple[str, str], Answer | None] = {
            ("GET", "/ping"): ping,
            ("POST", "/invocations"): invocations,
            ("GET", "/execution-parameters"): execution_parameters,
        }

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """WSGI."""
        request = HttpRequest(environ)
        answer = self._answers.get((request.method, request.path))
        try:
            response = answer(request) if answer else Response(status=HTTPStatus.NOT_FOUND)
        except Exception:  # noqa: BLE001  # whatever a script raises is an answer with status 500
            traceback.print_exc()
            response = Response(traceback.format_exc(), status=500, mimetype="text/plain")
        return response(environ, start_response)
