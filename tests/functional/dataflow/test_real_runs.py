"""The judge over real containers: every planted fault is found, and a pipeline without one is clean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.app.trial import Trial
from seatrial.app.wishes import Wishes
from seatrial.dataflow import lineage_of
from seatrial.definition import PipelineDefinition
from seatrial.execution import Control
from seatrial.images import Images
from seatrial.outputs import download, load_manifest, manifest_uri
from seatrial.ports.executions import ExecutionStatus
from seatrial.ports.findings import Finding
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.settings import Settings
from seatrial.storage import STATE_BUCKET, MinioStore
from tests.adapters.pipelines import (
    PREFIX,
    Json,
    condition,
    fail,
    join,
    json_of,
    output_of,
    pipeline,
    processing,
)

Run = Callable[[PipelineDefinition, str], Trial]


@pytest.fixture
def run(settings: Settings, store_address: StoreAddress, images: Images) -> Run:
    """Run a definition as `seatrial run` does."""
    images.ensure("base")
    parts = Parts(settings.model_copy(update={"images": {"python": "base"}}), print, address=store_address)

    def run_it(definition: PipelineDefinition, prefix: str) -> Trial:
        wishes = Wishes("Judged", definition.text, definition.source, prefix=prefix)
        return trial.run(parts, wishes, Control(), lambda record, definition: lambda event: None)

    return run_it


def step(name: str, script: str, **more: Json) -> dict[str, Json]:
    return processing(name, image="python", script=script, **more)


def writing(files: dict[str, str]) -> str:
    """Python that opens its inputs and writes the files; a word of an entrypoint has 256 characters."""
    return (
        "from pathlib import Path as P;h=P('/opt/ml/processing');[p.open()for p in h.glob('input/*/*.*')];"
        "[((h/p).parent.mkdir(parents=1,exist_ok=1),(h/p).write_text(t))"
        f"for p,t in {files!r}.items()]"
    )


def faulty() -> PipelineDefinition:
    """Preprocess misses one of its folders, Stray writes elsewhere, Reader reads there without waiting."""
    return pipeline(
        step(
            "Preprocess",
            writing({"train/a.csv": "1,2", "val/b.csv": "3,4"}),
            outputs={"train": join(PREFIX, "train"), "validation": join(PREFIX, "validation")},
        ),
        step(
            "Stray",
            writing({"report/other.json": "{}"}),
            outputs={"report": "s3://elsewhere/report"},
            property_files={"Report": ("report", "report.json")},
        ),
        step(
            "Reader",
            writing({"copy/c.csv": "5"}),
            inputs={"report": "s3://elsewhere/report"},
            outputs={"copy": join(PREFIX, "train", "copy")},
        ),
    )


def places(findings: tuple[Finding, ...]) -> set[tuple[str, str, str | None]]:
    return {(found.code, found.severity.value, found.step) for found in findings if found.code < "ST2"}


def test_every_planted_fault_is_found(run: Run, store: MinioStore) -> None:
    store.write(S3Uri.parse("s3://elsewhere/report/old.json"), b"{}")
    ended = run(faulty(), "s3://judged/faulty")
    assert ended.record.status is ExecutionStatus.SUCCEEDED
    assert places(ended.findings) == {
        ("ST101", "warning", "Preprocess"),
        ("ST104", "error", "Stray"),
        ("ST107", "warning", "Reader"),
        ("ST108", "error", "Stray"),
        ("ST109", "error", "Reader"),
        ("ST110", "warning", "Stray"),
        ("ST112", "warning", "Preprocess"),
    }
    (lost,) = (found for found in ended.findings if found.code == "ST112")
    assert "/opt/ml/processing/val/b.csv (3 bytes)" in str(lost.observed)


def clean() -> PipelineDefinition:
    """Two steps, an edge, a property file, a decision."""
    return pipeline(
        step(
            "Preprocess",
            writing({"train/deep/a.csv": "1,2\n", "train/b.csv": "3,4\n"}),
            inputs={"raw": "s3://judged-raw/data/"},
            outputs={"train": join(PREFIX, "preprocess", "train")},
        ),
        step(
            "Evaluate",
            writing({"report/report.json": '{"auc": 0.9}', "/var/cache/x": "x"}),
            inputs={"train": output_of("Preprocess", "train")},
            outputs={"report": join(PREFIX, "evaluate", "report")},
            property_files={"Report": ("report", "report.json")},
        ),
        condition("GoodEnough", json_of("Evaluate", "Report", "auc"), [], [fail("Refuse")]),
    )


def test_a_pipeline_without_a_fault_is_clean_and_its_registry_holds_what_was_written(
    run: Run, store: MinioStore, tmp_path: Path
) -> None:
    store.write(S3Uri.parse("s3://judged-raw/data/raw.csv"), b"1,2\n3,4\n")
    ended = run(clean(), "s3://judged/clean")
    assert ended.record.status is ExecutionStatus.SUCCEEDED
    assert places(ended.findings) == set()

    files = download(store, ended.registry, "Preprocess", "train", tmp_path / "train")
    assert [file.relative_to(tmp_path / "train").as_posix() for file in files] == ["b.csv", "deep/a.csv"]
    assert files[1].read_text() == "1,2\n"
    metadata = ended.registry.execution_metadata
    assert metadata is not None
    assert metadata.is_complete()

    kept = manifest_uri(STATE_BUCKET, "Judged", ended.record.execution_id)
    assert load_manifest(store, kept) == ended.registry

    flows = [(e.from_step, e.to_step, e.to_input, len(e.objects)) for e in lineage_of(ended.flow).entries]
    assert flows == [
        (None, "Preprocess", "raw", 1),
        ("Preprocess", "Evaluate", "train", 2),
        ("Evaluate", "GoodEnough", "PropertyFiles.Report", 1),
    ]
