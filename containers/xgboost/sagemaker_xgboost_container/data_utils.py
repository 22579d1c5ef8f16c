"""Reading a channel as a DMatrix, by the calls that training scripts written for SageMaker use.

XGBoost's own parsers read the text formats, so that what they make of empty cells and headers is the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import xgboost
from pyarrow import parquet
from sagemaker_algorithm_toolkit.exceptions import UserError

from sagemaker_xgboost_container.content_types import (
    CSV,
    LIBSVM,
    PARQUET,
    RECORDIO_PROTOBUF,
    get_content_type,
)
from sagemaker_xgboost_container.data_files import (
    check_libsvm,
    delimiter_of,
    is_data,
    list_files,
    received,
    size_of,
)

__all__ = ["CSV", "LIBSVM", "PARQUET", "RECORDIO_PROTOBUF", "get_content_type", "get_dmatrix"]

LINKS = Path("/tmp/sagemaker_xgboost_input_data")  # noqa: S108  (a container of its own)


def get_dmatrix(
    data_path: str | Path | Sequence[str | Path],
    content_type: str | None,
    csv_weights: int = 0,
    is_pipe: bool = False,
) -> xgboost.DMatrix | None:
    """Everything under `data_path` as one DMatrix; None when there is nothing.

    The label is the first column. With `csv_weights=1` the second column of a CSV is the weight. With
    `is_pipe` the first pipe of the channel is read to its end.
    """
    kind = get_content_type(content_type)
    if is_pipe and kind == LIBSVM:
        raise UserError("Pipe mode not supported for LibSVM.")
    if is_pipe and kind != CSV:
        raise UserError(f"Pipe mode is not supported for {kind} by this image; use csv, or File mode.")
    if kind == RECORDIO_PROTOBUF:
        raise UserError(f"{kind} is not supported by this image; use csv, libsvm or parquet.")
    paths = [Path(path) for path in ([data_path] if isinstance(data_path, (str, Path)) else data_path)]
    if is_pipe:
        paths = [received(path) for path in paths]
    if not sum(size_of(path) for path in paths):
        return None
    files = [file for path in paths for file in list_files(path)]
    try:
        matrix = _READERS[kind](files, csv_weights)
    except UserError:
        raise
    # XGBoost's parsers and pyarrow's: each fails in classes of its own.
    except Exception as failure:  # noqa: BLE001
        raise UserError(f"Failed to load {kind} data with exception:\n{failure}") from None
    if matrix.get_label().size == 0:
        raise UserError(
            "Got input data without labels. Please check the input data set. If training job is running on "
            "multiple instances, please switch to using single instance if number of records in the data set "
            "is less than number of workers (16 * number of instance) in the cluster."
        )
    return matrix


def _read_csv(files: list[Path], weights: int) -> xgboost.DMatrix:
    delimiters = [delimiter_of(file) for file in files if is_data(file)] or [delimiter_of(files[0])]
    weight = "&weight_column=1" if weights else ""
    return xgboost.DMatrix(f"{_linked(files)}?format=csv&label_column=0&delimiter={delimiters[0]}{weight}")


def _read_libsvm(files: list[Path], _: int) -> xgboost.DMatrix:
    for file in filter(is_data, files):
        check_libsvm(file)
    return xgboost.DMatrix(f"{_linked(files)}?format=libsvm")


def _read_parquet(files: list[Path], _: int) -> xgboost.DMatrix:
    values = parquet.read_table([str(file) for file in files if is_data(file)]).to_pandas().to_numpy()
    return xgboost.DMatrix(values[:, 1:], label=values[:, 0])


def _linked(files: list[Path]) -> str:
    """The files by names that mean nothing in a URI, in their order: XGBoost's parser takes a list."""
    shutil.rmtree(LINKS, ignore_errors=True)
    LINKS.mkdir()
    links = [LINKS / f"{number:06}" for number, _ in enumerate(files)]
    for link, file in zip(links, files, strict=True):
        link.symlink_to(file.resolve())
    return ";".join(map(str, links))


_READERS: dict[str, Callable[[list[Path], int], xgboost.DMatrix]] = {
    CSV: _read_csv,
    LIBSVM: _read_libsvm,
    PARQUET: _read_parquet,
}
