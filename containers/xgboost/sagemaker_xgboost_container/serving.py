"""What `serve` answers with in the XGBoost image: the model's own script, or else the algorithm."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import xgboost
from sagemaker_containers import encoders, modules
from sagemaker_containers.env import ServingEnv
from sagemaker_containers.errors import UnsupportedFormatError
from sagemaker_containers.transformer import Transformer
from sagemaker_containers.worker import Response, Worker

from sagemaker_xgboost_container import encoder
from sagemaker_xgboost_container.algorithm_mode import serve


def default_model_fn(model_dir: str) -> Any:
    """Only the script knows what its model is."""
    raise NotImplementedError("Please provide a model_fn implementation.")


def default_input_fn(input_data: Any, content_type: str) -> xgboost.DMatrix:
    """A matrix from CSV or LIBSVM."""
    body = input_data.encode("utf-8") if isinstance(input_data, str) else input_data
    try:
        return encoder.decode(body, content_type)
    except Exception as unread:
        raise UnsupportedFormatError(content_type) from unread


def default_predict_fn(input_data: Any, model: xgboost.Booster) -> Any:
    """What the booster predicts."""
    return model.predict(input_data, validate_features=False)


def default_output_fn(prediction: Any, accept: str) -> Response:
    """The prediction in the form that is accepted."""
    return Response(encoders.encode(prediction, accept), mimetype=accept)


DEFAULTS = {
    "model_fn": default_model_fn,
    "input_fn": default_input_fn,
    "predict_fn": default_predict_fn,
    "output_fn": default_output_fn,
}


@cache
def _app() -> Worker:
    env = ServingEnv()
    if env.module_name is None:
        return serve.app(env.model_dir)
    return Transformer(modules.import_script(env), DEFAULTS).app()


def main(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """WSGI; the first request of each worker loads the model."""
    return _app()(environ, start_response)
