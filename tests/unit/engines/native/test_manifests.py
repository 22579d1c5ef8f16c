"""A manifest names its objects one by one, and what is wrong with it is told with its line."""

from __future__ import annotations

import json
import string
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.native.manifests import ManifestError, find_objects, line_of, parse_manifest
from seatrial.ports.jobs import JobResult
from seatrial.ports.storage import S3Uri, StoredObject
from tests.adapters.memory_runner import Inside
from tests.adapters.memory_store import MemoryStore
from tests.unit.engines.native.requests import Bench, processing_input

names = st.text(string.ascii_letters + string.digits + "-_.é", min_size=1, max_size=8).filter(
    lambda name: name.strip(".") != ""
)
keys = st.lists(names, min_size=1, max_size=3).map("/".join)


@given(prefix=keys, suffixes=st.lists(keys, min_size=1, unique=True), slash=st.sampled_from(["", "/", "-"]))
def test_each_object_is_prefix_and_suffix_and_is_found_in_the_manifests_order(
    prefix: str, suffixes: list[str], slash: str
) -> None:
    store = MemoryStore()
    for suffix in suffixes:
        store.write(S3Uri("bucket", prefix + slash + suffix), suffix.encode())
    store.write(S3Uri("bucket", "not/named"), b"")
    text = json.dumps([{"prefix": f"s3://bucket/{prefix}{slash}"}, *suffixes], indent=1)
    manifest = parse_manifest(text.encode())
    found = find_objects(store, manifest)
    assert [item.key for item in found] == [prefix + slash + suffix for suffix in suffixes]


@given(elements=st.lists(st.text() | st.integers() | st.lists(st.none(), max_size=2), min_size=1))
def test_the_line_of_an_element_is_where_it_stands(elements: list[Any]) -> None:
    lines = "[\n" + ",\n".join(json.dumps(element) for element in elements) + "\n]"
    assert [line_of(lines, number) for number in range(len(elements))] == [
        number + 2 for number in range(len(elements))
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[\n{"prefix": "s3://b/x/"},\n"a",\n]', "line 4: it is not JSON"),
        ("", "line 1: it is not JSON"),
        ("{}", "line 1: it is not a JSON array"),
        ("[]", "line 1: it is not a JSON array"),
        ('["a", "b"]', "line 1: its first element is not an object with a prefix"),
        ('\n[\n{"Prefix": "s3://b/"}, "a"]', "line 3: its first element is not an object with a prefix"),
        ('[{"prefix": "b/x"}, "a"]', "line 1: its prefix is not an S3 URI"),
        ('[{"prefix": "s3://b/x/"},\n"a",\n7]', "line 3: 7 is not what follows the prefix"),
        ('[{"prefix": "s3://b/x/"},\n""]', 'line 2: "" is not what follows the prefix'),
        ('[{"prefix": "s3://b"},\n"/a",\n"c/a"]', "line 3: s3://bc/a is not in the bucket of s3://b"),
        ('[{"prefix": "s3://b/x/"},\n"\\ud83d"]', 'line 2: "\\ud83d" is not what follows the prefix'),
        ('[{"prefix": "s3://b/x/"},\n"a\\u0000"]', 'line 2: "a\\u0000" is not what follows the prefix'),
        ('[{"prefix": "s3://b/\\ud83d/"}]', "line 1: its first element is not an object with a prefix"),
        ("[" * 100_000, "line 1: it is not JSON that can be read"),
        ('[{"prefix": "s3://b/x/"},' + "1" * 5000 + "]", "line 1: it is not JSON that can be read"),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_wrong_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ManifestError) as raised:
        parse_manifest(text.encode())
    assert said in str(raised.value)


def test_a_long_list_of_what_is_not_there_is_told_of_at_once() -> None:
    manifest = parse_manifest(json.dumps([{"prefix": "s3://b/x/"}, *map(str, range(20_000))]).encode())
    began = time.monotonic()
    with pytest.raises(ManifestError, match="s3://b/x/2 and 19997 more: no such object"):
        find_objects(MemoryStore(), manifest)
    assert time.monotonic() - began < 5


def test_a_key_that_no_path_can_have_is_not_there() -> None:
    class Strict(MemoryStore):
        def list_objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
            raise AssertionError(f"asked for {prefix}")

    manifest = parse_manifest(b'[{"prefix": "s3://b/"}, "../../etc/passwd", "a/./b"]')
    with pytest.raises(ManifestError, match=r"s3://b/\.\./\.\./etc/passwd, .*s3://b/a/\./b: no such object"):
        find_objects(Strict(), manifest)


def test_what_is_no_text_is_no_manifest() -> None:
    with pytest.raises(ManifestError, match="it is not text"):
        parse_manifest(b"\xff\xfe[")


def run(
    folder: Path, manifest: Any, objects: dict[str, bytes], **settings: Any
) -> tuple[JobResult, list[str]]:
    seen: list[str] = []

    def look(inside: Inside) -> int:
        root = inside.path("/opt/ml/processing/data")
        seen.extend(sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()))
        return 0

    bench = Bench(folder, look, **settings)
    bench.store.contents["bucket"] = {**objects, "list.manifest": json.dumps(manifest, indent=1).encode()}
    item = processing_input("data", "s3://bucket/list.manifest")
    item["S3Input"]["S3DataType"] = "ManifestFile"
    return bench.process(ProcessingInputs=[item]), seen


OBJECTS = {"in/a": b"a", "in/sub/b": b"bb", "in/not-named": b"c"}


def test_only_what_is_named_comes_in_by_what_follows_the_prefix(tmp_path: Path) -> None:
    manifest = [{"prefix": "s3://bucket/in/"}, "sub/b", "a", "a"]
    result, seen = run(tmp_path, manifest, OBJECTS)
    assert result.describe["ProcessingJobStatus"] == "Completed"
    assert seen == ["a", "sub/b"]
    [receipt] = result.inputs
    assert receipt.s3_uri == "s3://bucket/list.manifest"
    assert [item.key for item in receipt.objects] == ["list.manifest", "in/sub/b", "in/a"]


def test_whole_keys_can_be_asked_for(tmp_path: Path) -> None:
    fidelity = {"manifest_names": "whole-key"}
    _, seen = run(tmp_path, [{"prefix": "s3://bucket/in/"}, "sub/b"], OBJECTS, fidelity=fidelity)
    assert seen == ["in/sub/b"]


def test_objects_that_are_not_there_fail_the_job_with_their_lines(tmp_path: Path) -> None:
    manifest = [{"prefix": "s3://bucket/in/"}, "a", "gone", *(f"more-{n}" for n in range(4))]
    result, _ = run(tmp_path, manifest, OBJECTS)
    assert result.describe["FailureReason"] == (
        "ClientError: Failed to download data. The manifest s3://bucket/list.manifest cannot be followed: "
        "line 6: s3://bucket/in/gone, line 7: s3://bucket/in/more-0, line 8: s3://bucket/in/more-1 and 2 "
        "more: no such object"
    )


@pytest.mark.parametrize("uri", ["s3://bucket/no.manifest", "s3://bucket/empty.manifest"])
def test_a_manifest_that_is_not_there_or_names_nothing_is_an_empty_input(tmp_path: Path, uri: str) -> None:
    bench = Bench(tmp_path)
    bench.store.contents["bucket"] = {"empty.manifest": b'[{"prefix": "s3://bucket/in/"}]'}
    source = {"S3DataSource": {"S3DataType": "ManifestFile", "S3Uri": uri}}
    result = bench.train(InputDataConfig=[{"ChannelName": "train", "DataSource": source}])
    assert result.refusal is not None
    assert f'No S3 objects found under S3 URL "{uri}"' in result.refusal
