"""What `serve` answers with in the scikit-learn image: the model's own script, with defaults for arrays."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from sagemaker_containers import content_types, encoders, modules
from sagemaker_containers.env import ServingEnv
from sagemaker_containers.transformer import Transformer
from sagemaker_containers.worker import Response, Worker


def default_model_fn(model_dir: str) -> Any:
    """Only the script knows what its model is."""
    raise NotImplementedError("Please provide a model_fn implementation.")


def default_input_fn(input_data: Any, content_type: str) -> np.ndarray:
    """An array; CSV and JSON as 32-bit floats."""
    array = encoders.decode(input_data, content_type)
    return array.astype(np.float32) if content_type in content_types.UTF8_TYPES else array


def default_predict_fn(input_data: Any, model: Any) -> Any:
    """What the estimator predicts."""
    return model.predict(input_data)


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
    return Transformer(modules.import_script(ServingEnv()), DEFAULTS).app()


def main(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """WSGI; the first request of each worker loads the model."""
    return _app()(environ, start_response)
