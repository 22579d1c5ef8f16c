"""One step that copies its input to its output, by every side: for the large file and the small ones."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.bare import run_bare
from benchmarks.bench import Bench
from benchmarks.objects import Data, settle, write_data
from benchmarks.phases import note_bare, note_phases
from benchmarks.results import Results
from benchmarks.targets import Row, row
from benchmarks.work import COPY, READS, copying


class Moving:
    """One kind of data; `name` begins every series."""

    def __init__(self, bench: Bench, results: Results, name: str, data: Data) -> None:
        self._bench = bench
        self._results = results
        self._name = name
        self._data = data

    def ours(self, repetition: int) -> None:
        """A whole execution of one step."""
        work = copying(
            self._bench.image, f"s3://bench/{self._name}-ours-{repetition}", self._source("ours", repetition)
        )
        answer = self._bench.seatrial.run(work)
        self._results.note(f"{self._name}.seatrial.whole", answer.seconds)
        note_phases(self._results, f"{self._name}.seatrial", answer)
        self._bench.clear()

    def theirs(self, repetition: int) -> None:
        """The same step in local mode."""
        if self._bench.local_mode is None:
            return
        prefix = f"s3://bench/{self._name}-theirs-{repetition}"
        work = copying(self._bench.image, prefix, self._source("theirs", repetition))
        self._results.note(f"{self._name}.local.whole", self._bench.local_mode.run(work).seconds)
        self._bench.clear()

    def bare(self, _repetition: int) -> None:
        """The container alone, the data already where it reads it."""
        tree = self._bench.fresh("bare")
        write_data(tree / READS.lstrip("/"), self._data)
        phases = run_bare(self._bench.api, self._bench.pattern, COPY, tree)
        note_bare(self._results, f"{self._name}.bare", [phases])
        shutil.rmtree(tree)

    def curl(self, repetition: int) -> None:
        """Plain tools, one after another: down, a copy on disk, up."""
        self._source("curl", repetition)
        folder = self._bench.fresh("curl")
        folder.mkdir()
        copies = self._bench.objects.curl(f"{self._name}/curl-{repetition}", folder)
        for part in ("down", "up", "disk"):
            self._results.note(f"{self._name}.curl.{part}", float(getattr(copies, part)))
        shutil.rmtree(folder)
        self._bench.clear()

    def _source(self, side: str, repetition: int) -> str:
        """New objects, and a disk at rest."""
        folder: Path = self._bench.fresh("source")
        write_data(folder, self._data)
        uri = self._bench.objects.put(folder, f"{self._name}/{side}-{repetition}")
        shutil.rmtree(folder)
        settle()
        return uri


def moving_rows(name: str) -> tuple[Row, ...]:
    """The lines that both comparisons have."""
    return (
        row("seatrial", f"{name}.seatrial.whole"),
        row("… stage in", f"{name}.seatrial.stage_in"),
        row("… container", f"{name}.seatrial.container"),
        row("… stage out", f"{name}.seatrial.stage_out"),
        row("… the rest: plan, records, registry, checks", f"{name}.seatrial.rest"),
        row("bare container, the script's copy within it", f"{name}.bare.total"),
        row("… create", f"{name}.bare.create"),
        row("… start", f"{name}.bare.start"),
        row("… wait: what the script takes", f"{name}.bare.wait"),
        row("… remove", f"{name}.bare.remove"),
        row("`curl` down", f"{name}.curl.down"),
        row("`curl` up", f"{name}.curl.up"),
        row("`cp` on disk", f"{name}.curl.disk"),
        row("local mode", f"{name}.local.whole"),
    )
