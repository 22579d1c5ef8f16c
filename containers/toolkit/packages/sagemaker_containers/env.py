"""What a serving container is told by its environment."""

from __future__ import annotations

import os

from sagemaker_containers import content_types

MODEL_DIR = "/opt/ml/model"
CODE_DIR = "/opt/ml/code"


class ServingEnv:
    """Read anew each time; the names are those that inference scripts know."""

    def __init__(self) -> None:
        self.model_dir = MODEL_DIR
        self.code_dir = CODE_DIR
        self.module_name = os.environ.get("SAGEMAKER_PROGRAM") or None
        self.module_dir = os.environ.get("SAGEMAKER_SUBMIT_DIRECTORY") or CODE_DIR
        self.framework_module = os.environ.get("SAGEMAKER_SERVING_MODULE", "")
        self.port = int(os.environ.get("SAGEMAKER_BIND_TO_PORT") or 8080)
        self.workers = int(os.environ.get("SAGEMAKER_MODEL_SERVER_WORKERS") or os.cpu_count() or 1)
        self.timeout = int(os.environ.get("SAGEMAKER_MODEL_SERVER_TIMEOUT") or 60)
        self.default_accept = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT") or content_types.JSON
