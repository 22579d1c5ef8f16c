"""From a body to an array and back: CSV, JSON and npy, by SageMaker's inference toolkit."""

from sagemaker_inference.decoder import decode
from sagemaker_inference.encoder import SUPPORTED_CONTENT_TYPES, encode

__all__ = ["SUPPORTED_CONTENT_TYPES", "decode", "encode"]
