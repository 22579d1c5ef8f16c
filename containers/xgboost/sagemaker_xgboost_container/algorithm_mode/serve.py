"""Predictions of a model that the algorithm trained, over HTTP: statuses, bodies, forms of the answer."""

from __future__ import annotations

import json
import os
from http import HTTPStatus

import numpy as np
from sagemaker_containers.worker import Response, Worker
from werkzeug.wrappers import Request

from sagemaker_xgboost_container import encoder
from sagemaker_xgboost_container.algorithm_mode.models import Ensemble, load_models

CSV, JSON = "text/csv", "application/json"
_MEGABYTE = 1 << 20
_DEFAULT_LENGTH = 6 * _MEGABYTE


def app(model_dir: str) -> Worker:
    """The application; its models are loaded once, and `/ping` answers when they are."""
    models = load_models(model_dir)
    return Worker(
        ping=lambda request: Response(status=HTTPStatus.OK),
        invocations=lambda request: _invoke(request, models),
        execution_parameters=lambda request: _execution_parameters(),
    )


def _longest() -> int:
    return int(os.environ.get("MAX_CONTENT_LENGTH") or _DEFAULT_LENGTH)


def _execution_parameters() -> Response:
    said = {
        "MaxConcurrentTransforms": os.cpu_count() or 1,
        "BatchStrategy": "MULTI_RECORD",
        "MaxPayloadInMB": int(_longest() / _MEGABYTE),
    }
    return Response(json.dumps(said), mimetype=JSON)


def _invoke(request: Request, models: Ensemble) -> Response:
    if (request.content_length or 0) > _longest():
        return Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body = request.get_data()
    if not body.strip():
        return Response(status=HTTPStatus.NO_CONTENT)
    try:
        matrix = encoder.decode(body, request.headers.get("Content-Type"))
    except Exception as unread:  # noqa: BLE001  # a parser's every complaint is the sender's to hear
        return Response(str(unread), status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, mimetype="text/plain")
    try:
        predictions = models.predict(matrix)
    except Exception as failure:  # noqa: BLE001  # as above
        said = f"Unable to evaluate payload provided: {failure}"
        return Response(said, status=HTTPStatus.BAD_REQUEST, mimetype="text/plain")
    return _answer(predictions, request.headers.get("Accept"))


def _answer(predictions: np.ndarray, accept: str | None) -> Response:
    """In a batch transform one row a line, whatever is accepted; a choice of columns is refused aloud."""
    if os.environ.get("SAGEMAKER_INFERENCE_OUTPUT"):
        said = "SAGEMAKER_INFERENCE_OUTPUT (selectable inference) is not supported by this image."
        return Response(said, status=HTTPStatus.NOT_IMPLEMENTED, mimetype="text/plain")
    rows = predictions.tolist()
    if os.environ.get("SAGEMAKER_BATCH"):
        return Response("".join(f"{row}\n" for row in rows), mimetype=CSV)
    default = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT") or CSV
    wanted = default if accept in (None, "", "*/*") else str(accept)
    kind = wanted.partition(";")[0].strip().lower()
    if kind == CSV:
        lines = (",".join(map(str, row)) if isinstance(row, list) else str(row) for row in rows)
        return Response("".join(f"{line}\n" for line in lines), mimetype=CSV)
    if kind == JSON:
        return Response(json.dumps({"predictions": [{"score": row} for row in rows]}), mimetype=JSON)
    said = f"Accept type {wanted} is not supported. Please use one of the following: {CSV}, {JSON}."
    return Response(said, status=HTTPStatus.NOT_ACCEPTABLE, mimetype="text/plain")
