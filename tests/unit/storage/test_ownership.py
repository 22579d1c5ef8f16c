"""Whether a process still lives, told from what it said of itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from seatrial.storage.ownership import owner_is_gone, this_process


def test_we_are_alive() -> None:
    assert not owner_is_gone(this_process())


def test_a_process_that_ended_is_gone_even_if_its_number_is_taken_again() -> None:
    program = "from seatrial.storage.ownership import this_process; print(this_process())"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert owner_is_gone(other.strip())
    boot, namespace, pid, started = this_process().split()
    assert owner_is_gone(f"{boot} {namespace} {pid} {int(started) - 1}")


@pytest.mark.parametrize("unknown", ["", "unknown", "a b c d", "other-boot pid:[1] 1 1"])
def test_who_cannot_be_seen_from_here_is_left_alone(unknown: str) -> None:
    assert not owner_is_gone(unknown)
    _, namespace, pid, started = this_process().split()
    assert not owner_is_gone(f"other-boot {namespace} {pid} {started}")
