"""The files of a channel, and whether they are what its content type says; parses no data.

Only the first lines are looked at: XGBoost has its own opinion of the rest.
"""

from __future__ import annotations

import csv
import logging
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sagemaker_algorithm_toolkit.exceptions import UserError

RECEIVED = Path("/tmp/sagemaker_xgboost_received")  # noqa: S108  # a container of its own
DEPTH = 3
SNIPPET = 50


def size_of(path: Path) -> int:
    """The bytes in a channel's folder; a hidden file anywhere in it is refused."""
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    if path.is_dir() and any(file.name.startswith(".") for file in files):
        raise UserError("Hidden file found in the data path! Remove that before training.")
    return sum(file.stat().st_size for file in files if file.exists())


@cache
def received(channel: Path) -> Path:
    """What comes through the first pipe of a channel, in a file: it comes once, and may be read twice."""
    RECEIVED.mkdir(exist_ok=True)
    file = RECEIVED / channel.name
    with channel.with_name(f"{channel.name}_0").open("rb") as pipe, file.open("wb") as target:
        shutil.copyfileobj(pipe, target)
    return file


def list_files(path: Path) -> list[Path]:
    """Every file with content that is at most `DEPTH` folders deep, in the order of their names."""
    return [file for file in _walk(path, 1) if file.stat().st_size]


def _walk(path: Path, depth: int) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir() and depth <= DEPTH:
        for item in sorted(path.iterdir()):
            yield from _walk(item, depth + 1 if item.is_dir() else depth)
    elif path.is_dir():
        logging.warning(
            "The depth of folder %s exceed the limit %s. Files in deeper sub dirs won't be loaded. "
            "Please adjust the folder structure accordingly.",
            path,
            DEPTH,
        )


def is_data(file: Path) -> bool:
    """Whether the format of the file is looked at; it is read all the same."""
    return not file.name.startswith((".", "_"))


def delimiter_of(file: Path) -> str:
    """What separates the columns of a CSV, guessed from its first line."""
    with file.open(errors="ignore") as stream:
        line = stream.readline()
    try:
        delimiter = csv.Sniffer().sniff(line).delimiter
    except csv.Error as failure:
        raise UserError(f"Could not determine delimiter on line {line[:SNIPPET]}:\n{failure}") from None
    logging.info("Determined delimiter of CSV input is '%s'", delimiter)
    return delimiter


def check_libsvm(file: Path) -> None:
    """Raise for a line that is not LIBSVM, up to the first that has two features."""
    with file.open(errors="ignore") as stream:
        for line in stream:
            features = _count_features(line)
            if features is None:
                raise UserError(
                    f"First line '{line[:SNIPPET]}...' of file '{file.name}' is not 'LIBSVM' format. "
                    "Please ensure the file is in 'LIBSVM' format."
                )
            if features > 1:
                return


def _count_features(line: str) -> int | None:
    """The features of `label[:weight] index:value ...`, None if it is something else."""
    label, *features = line.split(" ")
    if not _is_label(label) or any(":" not in feature for feature in features):
        return None
    return len(features)


def _is_label(text: str) -> bool:
    parts = text.split(":")
    try:
        return len(parts) <= 2 and all(float(part) is not None for part in parts)
    except ValueError:
        return False
