"""Memory, processors, signals and time: what the kernel really enforces."""

from __future__ import annotations

import os
import threading
import time

from tests.integration.runners.conftest import Bench

MIB = 1 << 20
HOG = "python3 -c 'x = bytearray(300 << 20)'"


def test_process_out_of_memory_is_told(bench: Bench) -> None:
    outcome, _ = bench.run("python3", "-c", "x = bytearray(300 << 20)", memory_bytes=64 * MIB)
    assert (outcome.exit_code, outcome.out_of_memory) == (137, True)


def test_child_out_of_memory_is_told_though_its_parent_exits_by_itself(bench: Bench) -> None:
    outcome, log = bench.shell(f"{HOG} || exit 1", memory_bytes=64 * MIB)
    assert (outcome.exit_code, outcome.out_of_memory) == (1, True)
    assert "Killed" in log


def test_limits_are_seen_in_the_cgroup(bench: Bench) -> None:
    outcome, log = bench.shell(
        "cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes;"
        "cat /sys/fs/cgroup/cpu.max 2>/dev/null || cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us;"
        "df --output=size -B1 /dev/shm | tail -n 1",
        memory_bytes=256 * MIB,
        cpus=0.5,
        shm_bytes=32 * MIB,
    )
    assert outcome.exit_code == 0
    memory, quota, shm = log.split("\n")[:3]
    assert (int(memory), int(quota.split()[0]), int(shm)) == (256 * MIB, 50_000, 32 * MIB)


def test_more_processors_than_there_are_is_no_error(bench: Bench) -> None:
    outcome, log = bench.run("nproc", cpus=4096.0)
    assert outcome.exit_code == 0
    assert int(log) <= (os.cpu_count() or 1)


def test_shell_without_init_uses_its_whole_grace(bench: Bench) -> None:
    outcome, _ = bench.shell("sleep 60; true", timeout_seconds=0.5, grace_seconds=1.0)
    assert (outcome.timed_out, outcome.exit_code) == (True, 137)
    assert (outcome.ended_at - outcome.started_at).total_seconds() >= 1.4


def test_shell_beneath_init_ends_at_sigterm(bench: Bench) -> None:
    outcome, _ = bench.shell("sleep 60; true", timeout_seconds=0.5, grace_seconds=30.0, init=True)
    assert (outcome.timed_out, outcome.exit_code) == (True, 143)
    assert (outcome.ended_at - outcome.started_at).total_seconds() < 15


def test_stop_that_comes_while_the_container_is_made_is_obeyed(bench: Bench) -> None:
    spec = bench.spec("sleep", "60", init=True)
    stopping = threading.Timer(0.02, bench.runner.stop, [spec.name])
    stopping.start()
    began = time.monotonic()
    outcome = bench.runner.run(spec)
    stopping.join()
    assert outcome.stopped
    assert time.monotonic() - began < 15
    assert bench.left() == []


def test_program_that_cleans_up_at_sigterm_is_let_finish(bench: Bench) -> None:
    spec = bench.spec("sh", "-c", "trap 'sleep 0.5; echo saved; exit 0' TERM; echo ready; sleep 60 & wait")
    stopping = threading.Timer(1.0, bench.runner.stop, [spec.name])
    stopping.start()
    outcome = bench.runner.run(spec)
    stopping.join()
    assert (outcome.stopped, outcome.exit_code) == (True, 0)
    assert spec.log_path.read_text() == "ready\nsaved\n"
