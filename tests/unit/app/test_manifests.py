"""An external manifest whose objects are nowhere is an error before anything runs."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from seatrial.app.manifests import led_nowhere
from seatrial.dataflow import external_inputs
from seatrial.definition import PipelineDefinition, build_graph
from seatrial.outputs import registry_of_definition
from seatrial.ports.storage import S3Uri
from seatrial.reports.plan import PlannedInput, PlanView
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import Json, pipeline, processing, training


def view_of(definition: PipelineDefinition) -> PlanView:
    return PlanView(
        pipeline_name="p",
        definition=definition,
        graph=build_graph(definition),
        parameters={"EXECUTION_S3_PREFIX": "s3://seatrial/run"},
        registry=registry_of_definition(definition, {}),
        prefix="s3://seatrial/run",
        placeholders={},
        images={},
        inputs=tuple(PlannedInput(found, True, None) for found in external_inputs(definition)),
        findings=(),
    )


def by_manifest(data_type: Json = "ManifestFile") -> PipelineDefinition:
    train = training("Train", {"train": "s3://data/lists/train"})
    train["Arguments"]["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3DataType"] = data_type
    return pipeline(processing("Make", outputs={"made": "s3://data/made"}), train, prefix_default="s3://x/y")


def messages(content: bytes, objects: Mapping[str, bytes], **changes: Json) -> list[str]:
    store = MemoryStore()
    for key, data in {"lists/train": content, **objects}.items():
        store.write(S3Uri("data", key), data)
    return [
        f"{found.message}: {found.observed}" for found in led_nowhere(store, view_of(by_manifest(**changes)))
    ]


MANIFEST = json.dumps([{"prefix": "s3://data/"}, "rows/a", "rows/b", "made/c"]).encode()


def test_what_it_names_and_nobody_brought_or_makes_is_told_of() -> None:
    assert messages(MANIFEST, {"rows/a": b"a"}) == [
        "the manifest s3://data/lists/train, which Train will read, names 1 object that nobody has brought: "
        "s3://data/rows/b"
    ]


@pytest.mark.parametrize(("key", "place"), [("a", "s3://data/"), ("rows/a", "s3://data/rows/")])
def test_the_folder_to_seed_is_named_as_it_can_be_typed(key: str, place: str) -> None:
    store = MemoryStore()
    store.write(S3Uri("data", "lists/train"), json.dumps([{"prefix": "s3://data/"}, key]).encode())
    (found,) = led_nowhere(store, view_of(by_manifest()))
    assert found.hint == f"seed what it names: --seed {place}=./folder"


def test_nothing_is_said_where_all_is_there() -> None:
    assert messages(MANIFEST, {"rows/a": b"a", "rows/b": b"b"}) == []


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff"])
def test_a_broken_manifest_is_left_to_its_job(content: bytes) -> None:
    assert messages(content, {}) == []


def test_a_prefix_is_no_manifest() -> None:
    assert messages(MANIFEST, {}, data_type="S3Prefix") == []
