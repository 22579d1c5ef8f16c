"""How large an instance type is, from the rules of its family; knows nothing of this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass

GIB = 1024**3

# GiB for each vCPU, by family letter(s) without generation; what does not follow stands in EXCEPTIONS.
_GIB_PER_VCPU = {"t": 4.0, "m": 4.0, "c": 2.0, "r": 8.0, "g": 4.0, "inf": 4.0, "trn": 4.0, "dl": 8.0}
_GIB_PER_VCPU_OF = {"c4": 1.875, "c5n": 2.625, "inf1": 2.0, "g6e": 8.0, "g7e": 8.0, "p3": 7.625}
_GIB_PER_VCPU_OF |= {"p3dn": 8.0, "p4d": 12.0, "p4de": 12.0, "p5": 32 / 3, "p5e": 32 / 3, "p5en": 32 / 3}
_GIB_PER_VCPU_OF |= {"trn2": 32 / 3}
_VCPUS_OF_SIZE = {"medium": 1, "large": 2, "xlarge": 4}
_EXCEPTIONS = {
    "t2.medium": (2, 4.0),
    "t3.medium": (2, 4.0),
    "c4.8xlarge": (36, 60.0),
    "p2.xlarge": (4, 61.0),
    "p2.8xlarge": (32, 488.0),
    "p2.16xlarge": (64, 732.0),
    "p5.4xlarge": (16, 256.0),
}


@dataclass(frozen=True)
class Instance:
    """One instance type's size."""

    vcpus: int
    memory_bytes: int

    @property
    def memory_text(self) -> str:
        """The memory as people say it: `8 GiB`."""
        return f"{self.memory_bytes / GIB:g} GiB"


def look_up_instance(instance_type: str) -> Instance | None:
    """The size of `ml.m5.large` and its kin; None for a family without a known rule."""
    name = instance_type.removeprefix("ml.")
    if name in _EXCEPTIONS:
        exact_vcpus, gib = _EXCEPTIONS[name]
        return Instance(exact_vcpus, round(gib * GIB))
    family, _, size = name.partition(".")
    vcpus, ratio = _vcpus(size), _gib_per_vcpu(family)
    if vcpus is None or ratio is None:
        return None
    return Instance(vcpus, round(vcpus * ratio * GIB))


def _gib_per_vcpu(family: str) -> float | None:
    if family in _GIB_PER_VCPU_OF:
        return _GIB_PER_VCPU_OF[family]
    letters = re.match(r"[a-z]+", family)
    return _GIB_PER_VCPU.get(letters.group()) if letters else None


def _vcpus(size: str) -> int | None:
    multiple = re.fullmatch(r"(\d+)xlarge", size)
    return 4 * int(multiple.group(1)) if multiple else _VCPUS_OF_SIZE.get(size)
