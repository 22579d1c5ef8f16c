"""Failure texts keep the service's form and limit, whatever the container wrote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines import failures
from seatrial.engines.instances import look_up_instance
from seatrial.errors import ImageError


@given(text=st.text(max_size=3000), code=st.integers(1, 255))
def test_a_reason_is_never_too_long_and_always_ends_in_the_exit_code(text: str, code: int) -> None:
    reason = failures.algorithm_error(text, code)
    assert len(reason) <= 1024
    assert reason.startswith("AlgorithmError: ")
    assert reason.endswith(f", exit code: {code}")


def test_no_text_leaves_the_form_that_was_observed() -> None:
    assert failures.algorithm_error("", 1) == "AlgorithmError: , exit code: 1"


def test_memory_is_said_with_limit_and_instance_type() -> None:
    said = failures.out_of_memory("ml.m5.large", look_up_instance("ml.m5.large"))
    assert said == "the container was killed for exceeding 8 GiB of ml.m5.large"


def test_an_instance_type_of_unknown_size_is_no_lie() -> None:
    assert "this machine's memory" in failures.out_of_memory("ml.x99.large", None)


def test_a_missing_image_is_said_as_the_service_does_and_with_what_to_type() -> None:
    error = ImageError("nothing stands for it", slug="no-image", hint="seatrial images build")
    said = failures.image_missing("repo:1", error)
    assert said.startswith("ClientError: API error (404): manifest for repo:1 not found: manifest unknown")
    assert "seatrial images build" in said
