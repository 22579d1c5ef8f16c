"""The content types of a channel and the short names of their formats; reads no data."""

from __future__ import annotations

from sagemaker_algorithm_toolkit.exceptions import UserError

CSV = "csv"
LIBSVM = "libsvm"
PARQUET = "parquet"
RECORDIO_PROTOBUF = "recordio-protobuf"

DEFAULT = "text/libsvm"

CONTENT_TYPES = {
    "csv": CSV,
    "libsvm": LIBSVM,
    "parquet": PARQUET,
    "recordio-protobuf": RECORDIO_PROTOBUF,
    "text/csv": CSV,
    "text/libsvm": LIBSVM,
    "text/x-libsvm": LIBSVM,
    "application/x-parquet": PARQUET,
    "application/x-recordio-protobuf": RECORDIO_PROTOBUF,
}


def get_content_type(content_type_cfg_val: str | None) -> str:
    """The short name of a content type; of its parameters only a CSV's label_size means anything."""
    if content_type_cfg_val is None:
        return LIBSVM
    name, *parameters = (part.strip() for part in content_type_cfg_val.lower().split(";"))
    if name not in CONTENT_TYPES:
        raise UserError(f"{content_type_cfg_val} is not an accepted ContentType: {', '.join(CONTENT_TYPES)}.")
    sizes = [part for part in parameters if part.startswith("label_size=")]
    if CONTENT_TYPES[name] == CSV and any(size != "label_size=1" for size in sizes):
        raise UserError(
            f"{content_type_cfg_val} is not an accepted csv ContentType. "
            "Optional parameter label_size must be equal to 1"
        )
    return CONTENT_TYPES[name]
