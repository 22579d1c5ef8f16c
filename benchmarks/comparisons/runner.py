"""Our runner alone, without steps or data: what looking after a container costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.bare import run_bare
from benchmarks.bench import Bench
from benchmarks.phases import note_bare
from benchmarks.results import Results
from benchmarks.targets import Comparison, Target, quantity, row
from benchmarks.timing import interleaved, timed
from benchmarks.work import NOTHING
from seatrial.ports.runners import JobSpec, Mount
from seatrial.runners import connect
from seatrial.runners.docker_runner import DockerRunner

_MORE_OFTEN = 2


def measure(bench: Bench, results: Results) -> None:
    """The same container by our runner and by four calls."""
    client = connect()
    runner = DockerRunner(client, helper_image=lambda: bench.image)
    folder = bench.fresh("runner")

    def ours(repetition: int) -> None:
        spec = _spec(bench, folder, f"bench-{bench.folder.name}-{repetition}")
        with timed() as watch:
            outcome = runner.run(spec)
        if outcome.exit_code != 0:
            raise RuntimeError(f"the runner's container ended with {outcome}")
        if repetition > 0:  # the first asks the engine what it can do
            results.note("runner.ours", watch.seconds)

    def bare(repetition: int) -> None:
        phases = run_bare(bench.api, bench.pattern, NOTHING, folder / "bare")
        if repetition > 0:
            note_bare(results, "runner.bare", [phases])

    interleaved(bench.scale.repetitions * _MORE_OFTEN + 1, {"runner": ours, "bare": bare})
    client.close()


def _spec(bench: Bench, folder: Path, name: str) -> JobSpec:
    """What the pattern says, as our runner is asked for it."""
    pattern = bench.pattern
    limits: dict[str, Any] = dict(pattern.host_config)
    for target, _ in pattern.mounts:
        (folder / "ours" / target.lstrip("/")).mkdir(parents=True, exist_ok=True)
    return JobSpec(
        name=name,
        image=pattern.image,
        log_path=folder / "log.txt",
        entrypoint=("python3", "-c", NOTHING),
        command=(),
        environment=dict(line.split("=", 1) for line in pattern.environment),
        mounts=tuple(
            Mount(folder / "ours" / target.lstrip("/"), target, read_only=not writable)
            for target, writable in pattern.mounts
        ),
        network=str(limits["NetworkMode"]),
        hostname=pattern.hostname,
        memory_bytes=limits["Memory"] or None,
        shm_bytes=limits["ShmSize"] or None,
        cpus=limits["NanoCpus"] / 1e9 if limits["NanoCpus"] else None,
        init=bool(limits["Init"]),
    )


RUNNER = Comparison(
    name="runner",
    title="The runner by itself",
    about="""\
A container that does nothing, by our runner and by four API calls. The runner also keeps the log, holds a
wait open from before the start so that no exit status is lost, watches the time limit, and looks for what
was written outside the mounts.""",
    measure=measure,
    targets=(
        Target(
            "runner-bare",
            "a container by our runner, against the four calls",
            1.3,
            quantity("runner.ours"),
            quantity("runner.bare.total"),
        ),
    ),
    rows=(
        row("our runner", "runner.ours"),
        row("bare container", "runner.bare.total"),
        row("… create", "runner.bare.create"),
        row("… start", "runner.bare.start"),
        row("… wait", "runner.bare.wait"),
        row("… remove", "runner.bare.remove"),
    ),
)
