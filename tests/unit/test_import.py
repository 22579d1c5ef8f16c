"""What `import seatrial` costs and offers, seen from a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

import pytest

import seatrial

_HEAVY = ("docker", "boto3", "botocore", "sagemaker", "minio", "pydantic", "rich", "testcontainers")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_import_seatrial_loads_nothing_heavy() -> None:
    loaded = run(f"import sys, seatrial; print([name for name in {_HEAVY!r} if name in sys.modules])")
    assert loaded == "[]"


def test_the_public_models_need_neither_docker_nor_a_cloud_library() -> None:
    heavy = [name for name in _HEAVY if name not in ("pydantic", "botocore")]
    loaded = run(
        "import sys, seatrial; seatrial.S3OutputPathRegistry();"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    assert loaded == "[]"


def test_no_public_name_needs_boto3_before_it_is_used() -> None:
    loaded = run(
        "import sys, seatrial; [getattr(seatrial, name) for name in seatrial.__all__];"
        "print([name for name in ('boto3', 'sagemaker') if name in sys.modules])"
    )
    assert loaded == "[]"


def test_no_name_of_the_registry_needs_an_s3_client() -> None:
    loaded = run(
        "import sys, seatrial;"
        "[getattr(seatrial, name) for name, module in seatrial._PUBLIC.items() if '.outputs' in module];"
        "print([name for name in ('minio', 'docker', 'boto3') if name in sys.modules])"
    )
    assert loaded == "[]"


def test_import_seatrial_is_quick() -> None:
    seconds = run("import time; t = time.perf_counter(); import seatrial; print(time.perf_counter() - t)")
    assert float(seconds) < 0.25


@pytest.mark.parametrize("name", seatrial.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(seatrial, name) is not None
    assert name in dir(seatrial)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'S3OutputRegistry'"):
        _ = seatrial.S3OutputRegistry  # type: ignore[attr-defined]  # that is the point
