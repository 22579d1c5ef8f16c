"""The channels of algorithm mode, and the refusal of any other; reads no data."""

from __future__ import annotations

from collections.abc import Mapping

from sagemaker_algorithm_toolkit.exceptions import UserError

from sagemaker_xgboost_container.content_types import CONTENT_TYPES, DEFAULT, LIBSVM

Channel = Mapping[str, str]
Wanted = frozenset[tuple[str, str, str]]

_DISTRIBUTIONS = ("FullyReplicated", "ShardedByS3Key")

# Compared as they are written: a parameter (`text/csv; label_size=1`) or another input mode is refused.
_DATA: Wanted = frozenset(
    (content_type, mode, distribution)
    for content_type, form in CONTENT_TYPES.items()
    for mode in ("File", "Pipe")
    if form != LIBSVM or mode == "File"
    for distribution in _DISTRIBUTIONS
)
_CODE: Wanted = frozenset({("text/python", "File", "FullyReplicated")})

CHANNELS: dict[str, Wanted] = {"train": _DATA, "validation": _DATA, "code": _CODE}


def validate_channels(given: Mapping[str, Channel]) -> dict[str, dict[str, str]]:
    """The channels with a content type each; raise for the first that is missing, unknown or unsupported."""
    if "train" not in given:
        raise UserError("Missing required channel: train")
    channels = {}
    for name, config in given.items():
        if name not in CHANNELS:
            raise UserError(f"Extraneous channel found: {name}")
        channel = dict(config)
        channel.setdefault("ContentType", DEFAULT)
        asked = (channel["ContentType"], channel["TrainingInputMode"], channel["S3DistributionType"])
        if asked not in CHANNELS[name]:
            raise UserError(f"Channel configuration for '{name}' channel is not supported: {channel}")
        channels[name] = channel
    return channels
