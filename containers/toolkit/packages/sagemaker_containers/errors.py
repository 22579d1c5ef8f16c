"""What may be wrong with a request, or with the script that answers it."""

from sagemaker_inference.errors import UnsupportedFormatError


class ClientError(Exception):
    """The script's author can put it right."""


__all__ = ["ClientError", "UnsupportedFormatError"]
