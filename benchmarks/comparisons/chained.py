"""Five steps in a row with next to no data: what a step costs besides its container."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.bare import run_bare
from benchmarks.bench import Bench
from benchmarks.phases import note_bare, note_phases
from benchmarks.results import Results
from benchmarks.side import clean_environment
from benchmarks.targets import Comparison, Target, quantity, row
from benchmarks.timing import interleaved, timed
from benchmarks.work import COPY, READS, chain


def measure(bench: Bench, results: Results) -> None:
    """Each figure is per step: the whole, divided by the number of steps."""
    length = bench.scale.chain
    folder = bench.fresh("chained")
    folder.mkdir()
    (folder / "file").write_bytes(b"x" * 1024)

    def source(side: str, repetition: int) -> str:
        return bench.objects.put(folder, f"chained/{side}-{repetition}")

    def ours(repetition: int) -> None:
        work = chain(bench.image, f"s3://bench/chained-ours-{repetition}", source("ours", repetition), length)
        answer = bench.seatrial.run(work)
        results.note("chained.seatrial.step", answer.seconds / length)
        note_phases(results, "chained.seatrial", answer, length)

    def command_line(repetition: int) -> None:
        work = chain(bench.image, f"s3://bench/chained-cli-{repetition}", source("cli", repetition), length)
        results.note("chained.cli.whole", _by_command_line(bench, work.definition(), work.prefix))

    def bare(_repetition: int) -> None:
        tree = bench.fresh("bare")
        shutil.copytree(folder, tree / READS.lstrip("/"))
        runs = [run_bare(bench.api, bench.pattern, COPY, tree) for _ in range(length)]
        note_bare(results, "chained.bare", runs)

    def theirs(repetition: int) -> None:
        if bench.local_mode is not None:
            work = chain(
                bench.image, f"s3://bench/chained-theirs-{repetition}", source("theirs", repetition), length
            )
            results.note("chained.local.step", bench.local_mode.run(work).seconds / length)
        bench.clear()

    sides = {"seatrial": ours, "bare": bare, "command line": command_line, "local mode": theirs}
    interleaved(bench.scale.repetitions, sides)


def _by_command_line(bench: Bench, definition: str, prefix: str) -> float:
    """`seatrial run definition.json` as a user types it, in a new process."""
    folder = bench.fresh("cli")
    folder.mkdir()
    (folder / "definition.json").write_text(definition)
    environment = {
        "SEATRIAL_STATE_DIR": str(folder / "state"),
        "SEATRIAL_CACHE_DIR": str(folder / "cache"),
        "SEATRIAL_STORE__ENDPOINT_URL": bench.address.endpoint_url,
        "SEATRIAL_STORE__ACCESS_KEY": bench.address.credentials.access_key,
        "SEATRIAL_STORE__SECRET_KEY": bench.address.credentials.secret_key,
    }
    seatrial = str(Path(sys.executable).with_name("seatrial"))
    with timed() as watch:
        ended = subprocess.run(
            [seatrial, "run", "definition.json", "--prefix", prefix, "--json"],
            cwd=folder,
            env={**clean_environment(), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
    if ended.returncode:
        raise RuntimeError(f"`seatrial run` failed:\n{ended.stderr}")
    return watch.seconds


CHAINED = Comparison(
    name="chained",
    title="Five steps in a row",
    about="""\
Five processing steps, each of which copies the 1 KB that the one before it wrote. *seatrial* is the whole
execution (the definition parsed and checked, records in SQLite, inputs staged, outputs uploaded, their
registry built, the data flow judged) in a warm process, divided by five; the command line pays its imports
too. *Bare* is a container with the same network, mounts, limits and capabilities, made by four API calls:
no data is moved, no log is kept, nothing is checked. *Local mode* is `pipeline.start()` of the SDK alone;
making the SDK's objects, its import and its network are not counted. It moves the same data; it keeps no
record, sets no limits, runs no check.""",
    measure=measure,
    targets=(
        Target(
            "chained-bare",
            "a step, against its bare container",
            1.3,
            quantity("chained.seatrial.step"),
            quantity("chained.bare.total"),
        ),
        Target(
            "chained-local",
            "a step of local mode, against one of seatrial",
            2.5,
            quantity("chained.local.step"),
            quantity("chained.seatrial.step"),
            at_least=True,
        ),
    ),
    rows=(
        row("seatrial, a step", "chained.seatrial.step"),
        row("… stage in", "chained.seatrial.stage_in"),
        row("… container", "chained.seatrial.container"),
        row("… stage out", "chained.seatrial.stage_out"),
        row("… the rest: plan, records, registry, checks", "chained.seatrial.rest"),
        row("bare container", "chained.bare.total"),
        row("… create", "chained.bare.create"),
        row("… start", "chained.bare.start"),
        row("… wait", "chained.bare.wait"),
        row("… remove", "chained.bare.remove"),
        row("local mode, a step", "chained.local.step"),
        row("`seatrial run`, all five steps in a new process", "chained.cli.whole"),
    ),
)
