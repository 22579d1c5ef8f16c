"""What a name says of the data behind it: for training, for validation, for the test, or a model."""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["train", "validation", "test", "model"]

_ROLES: dict[str, Role] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
    "holdout": "test",
    "model": "model",
    "model_artifacts": "model",
}
# `train_data`, `validation-set`, `x.test`: the word counts, not what is hung on it.
_HUNG_ON = re.compile(r"[-_](?:data|dataset|set|path|input|output|uri)$")


def role_of(name: str) -> Role | None:
    """The role that the whole name says, None for any other name."""
    plain = name.rpartition(".")[2].lower()
    return _ROLES.get(_HUNG_ON.sub("", plain)) or _ROLES.get(plain)
