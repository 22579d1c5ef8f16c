"""The log of a real container: as it comes, whole, whatever the bytes."""

from __future__ import annotations

import threading
import time

import pytest

from seatrial.errors import EnvironmentUnfitError
from tests.integration.runners.conftest import Bench


def test_huge_lines_and_bytes_that_are_no_text_arrive_as_they_are(bench: Bench) -> None:
    program = "import os; os.write(1, b'x' * 5_000_000 + b'\\n\\xff\\xfe\\x00binary\\n')"
    spec = bench.spec("python3", "-c", program)
    outcome = bench.runner.run(spec)
    assert outcome.exit_code == 0
    assert spec.log_path.read_bytes() == b"x" * 5_000_000 + b"\n\xff\xfe\x00binary\n"


def test_every_line_of_a_flood_arrives_whole(bench: Bench) -> None:
    program = "import sys\nfor i in range(40000): print('o' * 50); print('e' * 50, file=sys.stderr)"
    _, log = bench.run("python3", "-c", program)
    lines = log.splitlines()
    assert (lines.count("o" * 50), lines.count("e" * 50), len(lines)) == (40000, 40000, 80000)


def test_log_can_be_followed_while_the_container_runs(bench: Bench) -> None:
    spec = bench.spec("sh", "-c", "echo early; sleep 60", init=True)
    run = threading.Thread(target=bench.runner.run, args=[spec])
    run.start()
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up and (not spec.log_path.exists() or not spec.log_path.read_text()):
        time.sleep(0.02)
    seen, running = spec.log_path.read_text(), run.is_alive()
    bench.runner.stop(spec.name)
    run.join()
    assert (seen, running) == ("early\n", True)


def test_log_that_cannot_be_written_is_an_error_and_nothing_is_left(bench: Bench) -> None:
    spec = bench.spec("sh", "-c", "echo lost", log_path=bench.folder)  # a folder is no file
    with pytest.raises(EnvironmentUnfitError) as trouble:
        bench.runner.run(spec)
    assert trouble.value.slug == "log-not-written"
    assert bench.left() == []
