"""What every runner does, asked of the one in memory and of Docker Engine alike."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from seatrial.errors import ContainerError
from seatrial.ports.runners import JobOutcome, JobSpec, Mount, Peers, Runner
from seatrial.runners import DockerRunner
from seatrial.runners.ways import Way
from tests.adapters.memory_runner import Inside, MemoryRunner, Program


def _exit_3(inside: Inside) -> int:
    return 3


def _speak(inside: Inside) -> int:
    inside.say(f"said {inside.spec.environment['WORD']}\n")
    inside.say("complained\n")
    return 0


def _copy(inside: Inside) -> int:
    inside.write("/out/deep/b.txt", inside.read("/in/a.txt").decode())
    return 0


def _copy_and_sleep(inside: Inside) -> int:
    _copy(inside)
    return _sleep(inside)


def _write_to_input(inside: Inside) -> int:
    try:
        inside.write("/in/a.txt", "changed")
    except PermissionError:
        return 1
    return 0


def _lose(inside: Inside) -> int:
    inside.write("/out/kept.txt", "kept")
    inside.write("/model.bin", "12345")
    return 0


def _sleep(inside: Inside) -> int:
    inside.sleep(60)
    return 0


def _nap(inside: Inside) -> int:
    inside.sleep(0.3)
    return 0


def _defy(inside: Inside) -> int:
    inside.ignores_sigterm = True
    inside.sleep(60)
    return 0


# The same programs twice: for a shell in a container, and for a runner without containers.
SHELL: dict[str, str] = {
    "exit-3": "exit 3",
    "speak": 'echo "said $WORD"; echo complained >&2',
    "copy": "mkdir -p /out/deep && cp /in/a.txt /out/deep/b.txt",
    "copy-and-sleep": "mkdir /out/deep && cp /in/a.txt /out/deep/b.txt; trap exit TERM; sleep 60 & wait",
    "write-to-input": "echo changed >/in/a.txt || exit 1",
    "lose": "printf kept >/out/kept.txt; printf 12345 >/model.bin",
    "sleep": "trap 'exit 143' TERM; sleep 60 & wait",
    "nap": "sleep 0.3",
    "defy": "trap '' TERM; sleep 60",
}
PYTHON: dict[str, Program] = {
    "exit-3": _exit_3,
    "speak": _speak,
    "copy": _copy,
    "copy-and-sleep": _copy_and_sleep,
    "write-to-input": _write_to_input,
    "lose": _lose,
    "sleep": _sleep,
    "nap": _nap,
    "defy": _defy,
}


@dataclass(frozen=True)
class Bench:
    """One runner, and how it is told to run a program."""

    runner: Runner
    image: str
    arguments: Callable[[str], tuple[str, ...]]
    folder: Path

    def spec(
        self,
        program: str,
        *,
        name: str | None = None,
        image: str | None = None,
        mounts: tuple[Mount, ...] = (),
        word: str = "",
        timeout: float | None = None,
        grace: float = 5.0,
    ) -> JobSpec:
        """A container that runs the program."""
        name = name or f"seatrial-test-{secrets.token_hex(6)}"
        return JobSpec(
            name=name,
            image=image or self.image,
            log_path=self.folder / f"{name}.log",
            entrypoint=self.arguments(program),
            command=(),
            environment={"WORD": word},
            mounts=mounts,
            labels={"seatrial.execution": self.folder.name},
            timeout_seconds=timeout,
            grace_seconds=grace,
        )

    def run(self, program: str, *mounts: Mount, word: str = "") -> tuple[JobOutcome, str]:
        """Run it to its end; the outcome and the log."""
        spec = self.spec(program, mounts=mounts, word=word)
        return self.runner.run(spec), spec.log_path.read_text()


@pytest.fixture(params=["memory", "docker", "docker-archive"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    """Each runner in turn; the last as if Docker Engine did not see our files."""
    if request.param == "memory":
        runner: Runner = MemoryRunner(PYTHON, missing_images=("seatrial/no-such-image:1",), sees=True)
        return Bench(runner, "any", lambda program: (program,), tmp_path)
    image = request.getfixturevalue("images").ensure("base")
    runner = request.getfixturevalue("runner")
    if request.param == "docker-archive":
        client = request.getfixturevalue("docker_client")
        runner = DockerRunner(client, helper_image=lambda: image, way=Way.ARCHIVE)
    return Bench(runner, image, _in_shell, tmp_path)


def _in_shell(program: str) -> tuple[str, ...]:
    return ("sh", "-c", SHELL[program]) if program in SHELL else (program,)


@pytest.fixture
def folder_in(tmp_path: Path) -> Mount:
    """A folder with one file, to be read."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("content")
    return Mount(tmp_path / "in", "/in", read_only=True)


@pytest.fixture
def folder_out(tmp_path: Path) -> Mount:
    """An empty folder, to be written."""
    (tmp_path / "out").mkdir()
    return Mount(tmp_path / "out", "/out")


def test_exit_code_is_the_programs_own(bench: Bench) -> None:
    outcome, _ = bench.run("exit-3")
    assert (outcome.exit_code, outcome.lost, outcome.stopped, outcome.timed_out) == (3, None, False, False)
    assert not outcome.out_of_memory
    assert outcome.started_at <= outcome.ended_at
    assert outcome.ended_at.utcoffset() is not None


def test_output_and_complaints_go_to_the_log(bench: Bench) -> None:
    outcome, log = bench.run("speak", word="hello")
    assert outcome.exit_code == 0
    assert sorted(log.splitlines()) == ["complained", "said hello"]


def test_log_of_an_earlier_container_is_kept(bench: Bench) -> None:
    spec = bench.spec("speak", word="hello")
    spec.log_path.write_text("before\n")
    bench.runner.run(spec)
    assert spec.log_path.read_text().startswith("before\n")
    assert len(spec.log_path.read_text().splitlines()) == 3


def test_mounted_folders_carry_data_in_and_out(bench: Bench, folder_in: Mount, folder_out: Mount) -> None:
    outcome, _ = bench.run("copy", folder_in, folder_out)
    assert outcome.exit_code == 0
    assert (folder_out.source / "deep" / "b.txt").read_text() == "content"


def test_read_only_mount_stays_as_it_is(bench: Bench, folder_in: Mount) -> None:
    bench.run("write-to-input", folder_in)
    assert (folder_in.source / "a.txt").read_text() == "content"


def test_files_outside_the_mounts_are_told_with_their_sizes(bench: Bench, folder_out: Mount) -> None:
    outcome, _ = bench.run("lose", folder_out)
    assert outcome.untracked in ({"/model.bin": 5}, {"/model.bin": -1})


def test_watched_files_that_were_not_opened_are_told_or_why_nobody_knows(
    bench: Bench, folder_in: Mount, folder_out: Mount
) -> None:
    (folder_in.source / "other.txt").write_text("never read")
    spec = replace(bench.spec("copy", mounts=(folder_in, folder_out)), watched=("/in/a.txt", "/in/other.txt"))
    outcome = bench.runner.run(spec)
    assert outcome.exit_code == 0
    assert (outcome.unopened, outcome.unseen is None) in ((frozenset({"/in/other.txt"}), True), (None, False))


def test_nothing_is_said_of_files_that_nobody_wants_watched(bench: Bench, folder_in: Mount) -> None:
    outcome, _ = bench.run("exit-3", folder_in)
    assert (outcome.unopened, outcome.unseen) == (None, None)


def test_missing_entrypoint_is_an_outcome_and_stands_in_the_log(bench: Bench) -> None:
    outcome, log = bench.run("no-such-program")
    assert outcome.exit_code == 127
    assert "no-such-program" in (outcome.start_failure or "")
    assert log.startswith("entrypoint not found: ")


def test_missing_image_never_starts(bench: Bench) -> None:
    with pytest.raises(ContainerError, match="No such image") as refusal:
        bench.runner.run(bench.spec("exit-3", image="seatrial/no-such-image:1"))
    assert refusal.value.slug == "image-not-found"


def test_missing_mount_never_starts(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(ContainerError, match="source path does not exist") as refusal:
        bench.runner.run(bench.spec("exit-3", mounts=(Mount(tmp_path / "absent", "/in"),)))
    assert refusal.value.slug == "mount-not-visible"
    assert not (tmp_path / "absent").exists()


def test_time_limit_ends_the_program(bench: Bench) -> None:
    began = time.monotonic()
    outcome = bench.runner.run(bench.spec("sleep", timeout=0.5))
    assert (outcome.timed_out, outcome.stopped, outcome.exit_code) == (True, False, 143)
    assert time.monotonic() - began < 10


def test_program_that_defies_sigterm_is_killed_after_its_grace(bench: Bench) -> None:
    outcome = bench.runner.run(bench.spec("defy", timeout=0.5, grace=0.5))
    assert (outcome.timed_out, outcome.exit_code) == (True, 137)
    assert (outcome.ended_at - outcome.started_at).total_seconds() >= 0.9


def test_stop_from_another_thread_ends_the_program(bench: Bench) -> None:
    spec = bench.spec("sleep")
    later = threading.Timer(0.7, bench.runner.stop, [spec.name])
    later.start()
    outcome = bench.runner.run(spec)
    later.join()
    assert (outcome.stopped, outcome.timed_out, outcome.exit_code) == (True, False, 143)


def test_stop_that_comes_first_keeps_the_program_from_starting(bench: Bench) -> None:
    spec = bench.spec("speak", word="never")
    bench.runner.stop(spec.name)
    outcome = bench.runner.run(spec)
    assert (outcome.stopped, outcome.exit_code, outcome.lost) == (True, None, None)
    assert not spec.log_path.exists() or spec.log_path.read_text() == ""


def test_stop_that_comes_too_late_changes_nothing(bench: Bench) -> None:
    spec = bench.spec("exit-3")
    bench.runner.run(spec)
    bench.runner.stop(spec.name)
    outcome = bench.runner.run(spec)
    assert (outcome.stopped, outcome.exit_code) == (False, 3)


def test_one_name_runs_once_at_a_time(bench: Bench) -> None:
    spec = bench.spec("nap")
    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(bench.runner.run, spec) for _ in range(2)]
        errors = [run.exception() for run in runs]
    assert [type(error) for error in errors if error] == [ContainerError]
    assert [run.result().exit_code for run, error in zip(runs, errors, strict=True) if not error] == [0]


def test_eight_run_at_the_same_time(bench: Bench) -> None:
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(bench.runner.run, [bench.spec("nap") for _ in range(8)]))
    assert [outcome.exit_code for outcome in outcomes] == [0] * 8
    together = [
        sum(one.started_at <= other.started_at < one.ended_at for one in outcomes) for other in outcomes
    ]
    assert max(together) >= 2


def test_everything_beneath_a_folder_becomes_the_callers(
    bench: Bench, folder_in: Mount, folder_out: Mount
) -> None:
    bench.run("copy", folder_in, folder_out)
    bench.runner.own(folder_out.source)
    found = [folder_out.source, *folder_out.source.rglob("*")]
    assert {path.lstat().st_uid for path in found} == {os.getuid()}
    assert len(found) == 3


def test_nothing_is_left_to_sweep_away(bench: Bench) -> None:
    spec = bench.spec("exit-3")
    bench.runner.run(spec)
    bench.runner.settle(spec.name)
    assert bench.runner.sweep({"seatrial.execution": bench.folder.name}) == 0


def test_peers_run_on_a_network_of_their_own(bench: Bench) -> None:
    with bench.runner.together(f"peers-{secrets.token_hex(4)}", {"seatrial.test": "peers"}) as network:
        specs = [replace(bench.spec("exit-3"), peers=Peers(network, f"algo-{n}")) for n in (1, 2)]
        with ThreadPoolExecutor(2) as threads:
            outcomes = list(threads.map(bench.runner.run, specs))

    assert [(outcome.exit_code, outcome.lost) for outcome in outcomes] == [(3, None)] * 2


def test_what_a_container_writes_is_shown_while_it_runs_where_that_is_said(
    bench: Bench, folder_in: Mount, folder_out: Mount
) -> None:
    spec = bench.spec("copy-and-sleep", mounts=(folder_in, folder_out))
    shown = bench.runner.shows(folder_out.source, bench.image)
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(bench.runner.run, spec)
        until = time.monotonic() + (20 if shown else 1)
        copy = folder_out.source / "deep" / "b.txt"
        while not copy.exists() and time.monotonic() < until:
            time.sleep(0.01)
        seen = copy.exists()
        bench.runner.stop(spec.name)
        running.result()

    assert seen is shown
    assert copy.read_text() == "content"
