"""Sizes of instance types, from the rules of their families."""

from __future__ import annotations

import pytest

from seatrial.engines.instances import GIB, look_up_instance


@pytest.mark.parametrize(
    ("name", "vcpus", "gib"),
    [
        ("ml.t3.medium", 2, 4),
        ("ml.t3.2xlarge", 8, 32),
        ("ml.m4.10xlarge", 40, 160),
        ("ml.m5.large", 2, 8),
        ("ml.m5.xlarge", 4, 16),
        ("ml.m5.24xlarge", 96, 384),
        ("ml.m7i-flex.large", 2, 8),
        ("ml.m8g.medium", 1, 4),
        ("ml.c4.xlarge", 4, 7.5),
        ("ml.c4.8xlarge", 36, 60),
        ("ml.c5.9xlarge", 36, 72),
        ("ml.c5n.xlarge", 4, 10.5),
        ("ml.r5.large", 2, 16),
        ("ml.r7gd.medium", 1, 8),
        ("ml.g4dn.xlarge", 4, 16),
        ("ml.g5.48xlarge", 192, 768),
        ("ml.g6e.xlarge", 4, 32),
        ("ml.p2.xlarge", 4, 61),
        ("ml.p3.2xlarge", 8, 61),
        ("ml.p3dn.24xlarge", 96, 768),
        ("ml.p4d.24xlarge", 96, 1152),
        ("ml.p5.48xlarge", 192, 2048),
        ("ml.inf1.xlarge", 4, 8),
        ("ml.inf2.48xlarge", 192, 768),
        ("ml.trn1.2xlarge", 8, 32),
        ("ml.trn2.48xlarge", 192, 2048),
        ("ml.dl1.24xlarge", 96, 768),
    ],
)
def test_a_type_has_the_size_of_its_family(name: str, vcpus: int, gib: float) -> None:
    instance = look_up_instance(name)
    assert instance is not None
    assert (instance.vcpus, instance.memory_bytes / GIB) == (vcpus, pytest.approx(gib))


@pytest.mark.parametrize("name", ["ml.x1.32xlarge", "ml.p6e-gb200.36xlarge", "ml.m5.metal", "local", ""])
def test_a_type_without_a_rule_has_no_invented_size(name: str) -> None:
    assert look_up_instance(name) is None
