"""What a function leaves in the store is its output in local mode too, which looks at archives only."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Mapping
from pathlib import Path

from seatrial.ports.storage import S3Uri
from tests.unit.engines.local_mode.bench import Bench, StillSurroundings
from tests.unit.engines.native.requests import function_members

RESULT = S3Uri("bucket", "root/exec/Make/results/payload.pkl")
MODEL = S3Uri("bucket", "root/exec/Make/results/job-1/output/model.tar.gz")
ARCHIVE = gzip.compress(tarfile.NUL * tarfile.RECORDSIZE)


class Returning(StillSurroundings):
    """The function has returned by the time that its container is asked for its exit code."""

    bench: Bench

    def exit_codes(self, labels: Mapping[str, str]) -> list[int]:
        """Success."""
        self.bench.store.write(RESULT, b"pickled")
        self.bench.store.write(MODEL, ARCHIVE)
        return [0]


def test_what_a_function_returned_is_its_output(tmp_path: Path) -> None:
    surroundings = Returning()
    put = f'answer["uploaded"] = [["{MODEL.bucket}", "{MODEL.key}"]]'
    surroundings.bench = bench = Bench(tmp_path, put, surroundings)
    bench.store.write(S3Uri("bucket", "root/Make/2026/function/payload.pkl"), b"function")
    result = bench.train(**function_members())

    assert result.describe["TrainingJobStatus"] == "Completed"
    assert {each.name: [item.key for item in each.objects] for each in result.outputs if each.objects} == {
        "model": [MODEL.key],
        "results": [RESULT.key],
    }
    assert "function" in {each.name for each in result.inputs if each.objects}
