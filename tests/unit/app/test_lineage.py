"""Lineage with what the store still holds of the code, in every form that it is given out in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.app.lineage import lineage_as_seen
from seatrial.app.lineage_formats import FORMATS, roots_wanted
from seatrial.app.parts import Parts
from seatrial.dataflow import Flow, Lineage, lineage_of
from seatrial.errors import RefusedError, StorageError
from seatrial.settings import Settings
from tests.adapters.memory_store import MemoryStore
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.test_clean_pipelines import seeded, train_evaluate_register


class Away(MemoryStore):
    """A store that does not answer; counts how often it was asked."""

    asked = 0

    def buckets(self) -> list[str]:
        self.asked += 1
        raise StorageError("the store does not answer", slug="store-away")


@pytest.fixture
def store() -> MemoryStore:
    return seeded()


@pytest.fixture
def flow(store: MemoryStore) -> Flow:
    """As the records have it: nobody has looked into the store."""
    return replace(simulate(train_evaluate_register(), store=store), list_objects=None, read=None)


def parts_with(store: MemoryStore, tmp_path: Path) -> Parts:
    made = Parts(Settings(state_dir=tmp_path / "state"), print)
    vars(made)["store"] = store
    return made


def digests(lineage: Lineage) -> list[str | None]:
    return [code.sha256 for step in lineage.steps for code in step.code if code.uri]


def test_code_is_read_from_the_store_as_it_is_now(store: MemoryStore, flow: Flow, tmp_path: Path) -> None:
    assert all(digests(lineage_as_seen(parts_with(store, tmp_path), flow)))


def test_a_store_that_does_not_answer_is_asked_once_and_costs_the_digests(flow: Flow, tmp_path: Path) -> None:
    away = Away()
    lineage = lineage_as_seen(parts_with(away, tmp_path), flow)
    assert (set(digests(lineage)), away.asked) == ({None}, 1)
    assert lineage.sinks


def test_every_form_is_one_text(store: MemoryStore, flow: Flow, tmp_path: Path) -> None:
    lineage = lineage_as_seen(parts_with(store, tmp_path), flow)
    roots = roots_wanted(flow.registry, lineage)
    texts = {form: write(lineage, roots) for form, write in FORMATS.items()}
    assert Lineage.model_validate(json.loads(texts["json"])) == lineage
    assert texts["mermaid"].startswith("flowchart TD\n")
    assert texts["svg"].startswith("<svg ")


def test_an_output_is_looked_back_from_by_its_name(flow: Flow, store: MemoryStore, tmp_path: Path) -> None:
    lineage = lineage_as_seen(parts_with(store, tmp_path), flow)
    (root,) = roots_wanted(flow.registry, lineage, output="Train.model")
    assert (root.title, root.behind.steps) == ("Train.model", ("Preprocess", "Train"))


def test_an_output_that_is_not_there_is_refused(flow: Flow, store: MemoryStore, tmp_path: Path) -> None:
    lineage = lineage_as_seen(parts_with(store, tmp_path), flow)
    with pytest.raises(RefusedError, match=r"there is no output Train\.nothing"):
        roots_wanted(flow.registry, lineage, output="Train.nothing")


@pytest.mark.parametrize("form", ["mermaid", "svg"])
def test_a_picture_of_nothing_is_refused_with_what_can_be_drawn(form: str, flow: Flow) -> None:
    only = replace(flow, record=replace(flow.record, steps=flow.record.steps[:1]))
    lineage = lineage_of(only)
    with pytest.raises(RefusedError, match="nothing to draw") as refused:
        FORMATS[form](lineage, roots_wanted(only.registry, lineage))
    assert "--of STEP.OUTPUT" in str(refused.value.hint)
    assert FORMATS["json"](lineage, ())
