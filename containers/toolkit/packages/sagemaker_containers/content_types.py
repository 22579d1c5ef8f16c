"""Content types by the names that inference scripts know."""

from sagemaker_inference.content_types import CSV, JSON, NPY, NPZ, OCTET_STREAM, UTF8_TYPES

ANY = "*/*"

__all__ = ["ANY", "CSV", "JSON", "NPY", "NPZ", "OCTET_STREAM", "UTF8_TYPES"]
