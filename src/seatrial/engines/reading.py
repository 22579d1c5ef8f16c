"""How an input's data are named in S3 and reach the container, as requests say it; touches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

Mode = Literal["File", "FastFile", "Pipe"]
DataType = Literal["S3Prefix", "ManifestFile", "AugmentedManifestFile"]


@dataclass(frozen=True)
class Reading:
    """`mode` is how the data reach the container, `data_type` what the input's S3 URI stands for.

    The rest is for Pipe mode alone: `gzip` data are unpacked on the way, `record_io` wraps each object,
    `attributes` of the lines of an augmented manifest are sent in this order, and `shuffle_seed` gives
    every epoch an order of its own.
    """

    mode: Mode = "File"
    data_type: DataType = "S3Prefix"
    gzip: bool = False
    record_io: bool = False
    attributes: tuple[str, ...] = ()
    shuffle_seed: int | None = None


FILES = Reading()


def read_processing_input(source: Mapping[str, Any]) -> Reading:
    """What an `S3Input` says."""
    return Reading(
        mode=_mode(source.get("S3InputMode")),
        data_type=_data_type(source.get("S3DataType")),
        gzip=source.get("S3CompressionType") == "Gzip",
    )


def read_channel(channel: Mapping[str, Any], default_mode: str | None) -> Reading:
    """What an item of `InputDataConfig` says, where the algorithm has a mode for all of them."""
    source = channel["DataSource"]["S3DataSource"]
    return Reading(
        mode=_mode(channel.get("InputMode") or default_mode),
        data_type=_data_type(source.get("S3DataType")),
        gzip=channel.get("CompressionType") == "Gzip",
        record_io=channel.get("RecordWrapperType") == "RecordIO",
        attributes=tuple(source.get("AttributeNames") or ()),
        shuffle_seed=(channel.get("ShuffleConfig") or {}).get("Seed"),
    )


def _mode(value: str | None) -> Mode:
    return cast("Mode", value or "File")


def _data_type(value: str | None) -> DataType:
    return cast("DataType", value or "S3Prefix")
