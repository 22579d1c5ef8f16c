"""Reading a channel as a DMatrix, by the calls that training scripts written for SageMaker use."""

import csv
from pathlib import Path

import pandas
import xgboost
from sagemaker_training.errors import ClientError

CSV = "csv"
LIBSVM = "libsvm"
PARQUET = "parquet"
RECORDIO_PROTOBUF = "recordio-protobuf"

CONTENT_TYPES = {
    "csv": CSV,
    "text/csv": CSV,
    "libsvm": LIBSVM,
    "text/libsvm": LIBSVM,
    "text/x-libsvm": LIBSVM,
    "parquet": PARQUET,
    "application/x-parquet": PARQUET,
    "recordio-protobuf": RECORDIO_PROTOBUF,
    "application/x-recordio-protobuf": RECORDIO_PROTOBUF,
}


def get_content_type(content_type_cfg_val):
    """The short name of a content type; text/libsvm is the default. Parameters after `;` are ignored."""
    if content_type_cfg_val is None:
        return LIBSVM
    name = content_type_cfg_val.split(";")[0].strip().lower()
    if name not in CONTENT_TYPES:
        raise ClientError(f"{name} is not an accepted ContentType: {', '.join(CONTENT_TYPES)}.")
    return CONTENT_TYPES[name]


def get_dmatrix(data_path, content_type, csv_weights=0, is_pipe=False):
    """Everything under `data_path` as one DMatrix; None when there is no file.

    The label is the first column. With `csv_weights=1` the second column of a CSV is the weight.
    """
    if is_pipe:
        raise ClientError("Pipe mode is not supported by this image; use File mode.")
    kind = get_content_type(content_type)
    paths = [data_path] if isinstance(data_path, (str, Path)) else data_path
    files = [file for path in paths for file in _files(Path(path))]
    if not files:
        return None
    if kind == LIBSVM:
        return _libsvm(files)
    if kind in _TABLES:
        return _matrix(
            pandas.concat([_TABLES[kind](file) for file in files]), csv_weights if kind == CSV else 0
        )
    raise ClientError(f"{kind} is not supported by this image; use csv, libsvm or parquet.")


def _files(path):
    if path.is_file():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.is_file())
    if any(file.name.startswith(".") for file in found):
        raise ClientError("Hidden file found in the data path! Remove that before training.")
    return [file for file in found if not file.name.startswith("_")]


def _read_csv(file):
    """No header; the delimiter is guessed from the first line."""
    with file.open() as stream:
        first = stream.readline()
    try:
        delimiter = csv.Sniffer().sniff(first).delimiter
    except csv.Error as failure:
        raise ClientError(f"Could not determine delimiter on line {first[:50]}:\n{failure}") from failure
    try:
        return pandas.read_csv(file, header=None, sep=delimiter, dtype="float32")
    except ValueError as failure:
        raise ClientError(f"Failed to load csv data with exception:\n{failure}") from failure


def _read_parquet(file):
    table = pandas.read_parquet(file)
    return table.set_axis(range(table.shape[1]), axis="columns")


def _matrix(table, weights):
    if table.shape[1] < 2 + weights:
        raise ClientError(
            "Got input data without labels. Please check the input data set. If training job is running on "
            "multiple instances, please switch to using single instance if number of records in the data set "
            "is less than number of workers."
        )
    values = table.to_numpy(dtype="float32")
    features = values[:, 1 + weights :]
    return xgboost.DMatrix(features, label=values[:, 0], weight=values[:, 1] if weights else None)


def _libsvm(files):
    """XGBoost reads one file at a time; several are joined first."""
    joined = files[0]
    if len(files) > 1:
        joined = Path("/tmp/sagemaker_xgboost_input_data.libsvm")  # noqa: S108  (a container of its own)
        joined.write_bytes(b"".join(file.read_bytes().rstrip(b"\n") + b"\n" for file in files))
    try:
        return xgboost.DMatrix(f"{joined}?format=libsvm")
    except xgboost.core.XGBoostError as failure:
        raise ClientError(f"Failed to load libsvm data with exception:\n{failure}") from failure


_TABLES = {CSV: _read_csv, PARQUET: _read_parquet}
