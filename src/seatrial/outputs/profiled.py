"""Puts what outputs were found to hold into the registry, and reads it there; makes no profile itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import TypeAdapter, ValidationError

from seatrial.outputs.info import S3OutputInfo
from seatrial.outputs.registry import S3OutputPathRegistry
from seatrial.ports.contents import Place, Profile

KEY = "profile"


def with_profiles(registry: S3OutputPathRegistry, profiles: Mapping[Place, Profile]) -> S3OutputPathRegistry:
    """The registry, each output's `metadata` with its profile as plain JSON; the very registry given."""
    for (step, name), profile in profiles.items():
        info = registry.get_step_output_info(step, name)
        if info is not None:
            info.metadata[KEY] = _reader().dump_python(profile, mode="json")
    return registry


def profile_of_info(info: S3OutputInfo) -> Profile | None:
    """What a registered output was found to hold; None where nobody looked, or nothing can be told."""
    try:
        return _reader().validate_python(info.metadata[KEY])
    except (KeyError, ValidationError):
        return None


@cache
def _reader() -> TypeAdapter[Profile]:
    """Making one takes far longer than reading a profile with it."""
    return TypeAdapter(Profile)
