"""Answers by the functions of an inference script: `model_fn`, `input_fn`, `predict_fn`, `output_fn`."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from http import HTTPStatus
from types import ModuleType
from typing import Any

from werkzeug.wrappers import Request as HttpRequest
from werkzeug.wrappers import Response as HttpResponse

from sagemaker_containers.env import MODEL_DIR
from sagemaker_containers.errors import UnsupportedFormatError
from sagemaker_containers.worker import Request, Response, Worker

Function = Callable[..., Any]


class Transformer:
    """A script's own functions over an image's default ones; the model is loaded once."""

    def __init__(self, script: ModuleType, defaults: dict[str, Function]) -> None:
        functions = {name: getattr(script, name, default) for name, default in defaults.items()}
        own = getattr(script, "transform_fn", None)
        if own and any(hasattr(script, name) for name in ("input_fn", "predict_fn", "output_fn")):
            raise ValueError(
                "Cannot use transform_fn implementation with input_fn, predict_fn, and/or output_fn"
            )
        self._functions = functions
        self._transform = own or self._three_steps
        self._parameters = getattr(script, "execution_parameters_fn", None)
        self._model = functions["model_fn"](MODEL_DIR)

    def app(self) -> Worker:
        """The application: `/ping` answers as soon as there is one, for the model is loaded."""
        parameters = self._parameters
        return Worker(
            ping=lambda request: Response(status=HTTPStatus.OK),
            invocations=self.invoke,
            execution_parameters=(lambda request: parameters()) if parameters else None,
        )

    def invoke(self, http: HttpRequest) -> HttpResponse:
        """The prediction; what cannot be read is 415, what cannot be written 406."""
        request = Request(http)
        try:
            result = self._transform(self._model, request.content, request.content_type, request.accept)
        except _UnreadableError as unread:
            return _refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, unread.cause)
        except UnsupportedFormatError as unwritten:
            return _refusal(HTTPStatus.NOT_ACCEPTABLE, unwritten)
        if isinstance(result, tuple):
            return Response(result[0], mimetype=result[1])
        return result if isinstance(result, HttpResponse) else Response(result, mimetype=request.accept)

    def _three_steps(self, model: Any, content: Any, content_type: str, accept: str) -> Any:
        try:
            data = self._functions["input_fn"](content, content_type)
        except UnsupportedFormatError as unread:
            raise _UnreadableError(unread) from unread
        return self._functions["output_fn"](self._functions["predict_fn"](data, model), accept)


class _UnreadableError(Exception):
    def __init__(self, cause: UnsupportedFormatError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _refusal(status: HTTPStatus, error: Exception) -> HttpResponse:
    said = {
        "error": type(error).__name__,
        "error-message": str(error),
        "stack-trace": traceback.format_exc(),
    }
    return Response(json.dumps(said), status=status)
