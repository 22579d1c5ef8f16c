"""Packed objects read as the list of dicts that they are in a manifest, and lose nothing."""

from __future__ import annotations

import copy
import pickle
import tracemalloc
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.outputs import S3OutputInfo, objects_of
from seatrial.outputs.object_list import ObjectList
from seatrial.ports.storage import StoredObject

ROOT = "s3://data/run/train"
KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def an_entry(key: str = "run/train/a.csv", **more: Any) -> dict[str, Any]:
    entry = {"bucket": "data", "key": key, "relative_key": key.removeprefix("run/train/")}
    return {**entry, "size": 4, "etag": "0" * 32, **more}


def an_info(entries: list[dict[str, Any]]) -> S3OutputInfo:
    return S3OutputInfo(
        logical_name="train",
        s3_uri=ROOT,
        property_path="P",
        data_type="S3Uri",
        step_name="Prep",
        timestamp=datetime(2026, 3, 1, tzinfo=timezone.utc),
        metadata={"count": len(entries), "objects": entries},
    )


@given(st.lists(st.tuples(KEYS, st.integers(0, 2**63), KEYS), max_size=6))
def test_what_goes_in_comes_out(objects: list[tuple[str, int, str]]) -> None:
    given_ = [StoredObject("data", key, size, etag) for key, size, etag in objects]
    packed = ObjectList(given_, ROOT)
    assert list(packed.stored()) == given_
    assert packed == list(packed)
    assert packed.total_bytes == sum(size for _, size, _ in objects)


def test_it_reads_as_a_list_does() -> None:
    entries = [an_entry("run/train/a.csv"), an_entry("run/train/deep/b.csv")]
    packed = ObjectList.packed(entries, ROOT)
    assert packed is not None
    assert (packed[0], packed[-1], packed[:1]) == (entries[0], entries[1], entries[:1])
    assert packed != entries[:1]
    with pytest.raises(IndexError):
        _ = packed[2]


def test_it_can_be_copied_and_sent_to_another_process() -> None:
    packed = ObjectList([StoredObject("data", "run/train/a.csv", 4, "0" * 32)], ROOT)
    assert copy.deepcopy(packed) == packed
    assert pickle.loads(pickle.dumps(packed)) == packed  # noqa: S301 - our own bytes
    assert repr(packed) == f"ObjectList({[packed[0]]!r})"


def test_the_objects_of_an_output_are_packed_and_written_as_they_were() -> None:
    entries = [an_entry("run/train/a.csv"), an_entry("run/train/b.csv", size=7)]
    info = an_info(entries)
    assert isinstance(info.metadata["objects"], ObjectList)
    assert info.model_dump(mode="json")["metadata"]["objects"] == entries
    assert S3OutputInfo.model_validate_json(info.model_dump_json()) == info
    assert [stored.size for stored in objects_of(info)] == [4, 7]


@pytest.mark.parametrize(
    "odd",
    [
        {**an_entry(), "profile": {"rows": 3}},
        an_entry(relative_key="somewhere/else"),
        an_entry(bucket="another"),
        an_entry(size=-1),
        {"bucket": "data", "key": "run/train/a.csv", "size": 4, "etag": "e"},
    ],
)
def test_entries_that_say_more_or_less_are_kept_to_the_letter(odd: dict[str, Any]) -> None:
    info = an_info([an_entry(), odd])
    assert info.metadata["objects"] == [an_entry(), odd]
    assert info.model_dump(mode="json")["metadata"]["objects"] == [an_entry(), odd]


def test_an_object_takes_few_bytes() -> None:
    tracemalloc.start()
    packed = ObjectList([StoredObject("data", f"run/train/{n:06}", 4, "0" * 32) for n in range(10_000)], ROOT)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(packed) == 10_000
    assert held < 10_000 * 100
