"""What several hosts print becomes one log while they print it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.engines.native import common_log
from seatrial.engines.native.common_log import following
from seatrial.errors import EnvironmentUnfitError


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common_log, "_PAUSE_SECONDS", 0.005)


@pytest.fixture
def say(tmp_path: Path) -> Callable[[str, bytes], None]:
    def append(host: str, text: bytes) -> None:
        with (tmp_path / host).open("ab") as log:
            log.write(text)

    return append


def logs(tmp_path: Path) -> dict[str, Path]:
    return {host: tmp_path / host for host in ("algo-1", "algo-2")}


def wait_for(common: Path, wanted: bytes) -> None:
    until = time.monotonic() + 10
    while common.read_bytes() != wanted:
        assert time.monotonic() < until, common.read_bytes()
        time.sleep(0.005)


def test_whole_lines_come_while_the_hosts_run_and_the_rest_at_the_end(
    tmp_path: Path, say: Callable[[str, bytes], None]
) -> None:
    common = tmp_path / "common"
    common.write_bytes(b"before\n")
    with following(logs(tmp_path), common):
        say("algo-2", b"half ")
        say("algo-1", b"one\ntwo\n")
        wait_for(common, b"before\nalgo-1 | one\nalgo-1 | two\n")
        say("algo-2", b"a line\nand no end")
        wait_for(common, b"before\nalgo-1 | one\nalgo-1 | two\nalgo-2 | half a line\n")

    assert common.read_bytes().endswith(b"algo-2 | half a line\nalgo-2 | and no end\n")


def test_progress_bars_and_bytes_that_are_no_text_are_kept(
    tmp_path: Path, say: Callable[[str, bytes], None]
) -> None:
    common = tmp_path / "common"
    with following(logs(tmp_path), common):
        say("algo-1", b"10%\r20%\r\n\xff\n")

    assert common.read_bytes() == b"algo-1 | 10%\ralgo-1 | 20%\r\nalgo-1 | \xff\n"


def test_a_host_that_prints_nothing_has_no_line(tmp_path: Path) -> None:
    with following(logs(tmp_path), tmp_path / "common"):
        pass

    assert (tmp_path / "common").read_bytes() == b""


def test_all_of_it_is_there_when_something_goes_wrong(
    tmp_path: Path, say: Callable[[str, bytes], None]
) -> None:
    def interrupted() -> None:
        with following(logs(tmp_path), tmp_path / "common"):
            say("algo-1", b"said before\n")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert (tmp_path / "common").read_bytes() == b"algo-1 | said before\n"


def test_a_disk_without_room_is_the_machines_fault_and_said(
    tmp_path: Path, say: Callable[[str, bytes], None]
) -> None:
    # Whatever is written to it: no space left on device.
    common = Path("/dev/full")

    def follow() -> None:
        with following(logs(tmp_path), common):
            say("algo-1", b"one\n")
            time.sleep(0.05)

    with pytest.raises(EnvironmentUnfitError) as raised:
        follow()

    assert raised.value.slug == "log-not-written"
    assert "No space left" in raised.value.message
