"""Lines of an augmented manifest, in the order and with the attributes that were asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.native.augmented import find_records, parse_lines
from seatrial.engines.native.manifests import ManifestError
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore

values = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.lists(st.floats(0, 1), max_size=2)
)
lines = st.lists(st.fixed_dictionaries({"a": values, "b": values}, optional={"é": values}), max_size=4)
orders = st.sampled_from([["a"], ["b", "a"], ["a", "b"]])


@given(written=lines, asked=orders, ascii_only=st.booleans())
def test_each_line_gives_what_was_asked_for_in_that_order(
    written: list[dict[str, Any]], asked: list[str], ascii_only: bool
) -> None:
    text = "\n\n".join(json.dumps(line, ensure_ascii=ascii_only) for line in written)
    parsed = parse_lines(text.encode(), asked)
    assert [line.number for line in parsed] == [2 * number + 1 for number in range(len(written))]
    for line, found in zip(written, parsed, strict=True):
        texts = [part.decode() for part in found.attributes if isinstance(part, bytes)]
        assert texts == [each if isinstance(each := line[name], str) else json.dumps(each) for name in asked]


def test_a_name_with_ref_stands_for_an_object() -> None:
    store = MemoryStore()
    for key in ("a", "b"):
        store.write(S3Uri("bucket", f"images/{key}"), key.encode())
    store.write(S3Uri("other", "c"), b"c")
    text = (
        '{"source-ref": "s3://bucket/images/b", "label": 1, "ignored": {}}\n'
        '{"label": [0, 1.5], "source-ref": "s3://other/c"}\n'
    )
    found = find_records(store, parse_lines(text.encode(), ["source-ref", "label"]))
    assert [[part if isinstance(part, bytes) else part.uri for part in record] for record in found] == [
        ["s3://bucket/images/b", b"1"],
        ["s3://other/c", b"[0, 1.5]"],
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"a": 1, "b-ref": "s3://bucket/x"}\n\n{', "line 3: it is not JSON"),
        (b"[1]", "line 1: it is not a JSON object"),
        (b'{"b-ref": "s3://bucket/x"}', "line 1: it has no 'a', which AttributeNames asks for"),
        (b'{"a": 1, "b-ref": 7}', "line 1: 'b-ref' is not an S3 URI: '7'"),
        (b'{"a": 1, "b-ref": "s3://bucket/x"}', "line 1: s3://bucket/x: no such object"),
        (b"\xff", "it is not text"),
        (b"[" * 100_000, "line 1: it is not JSON that can be read"),
        (b"\n\n" + b"1" * 5000, "line 3: it is not JSON that can be read"),
        (b'{"a": "\\ud83d", "b-ref": "s3://bucket/x"}', "line 1: 'a' is not text: \"\\ud83d\""),
        (b'{"a": 1, "b-ref": "s3://b/\\ud83d"}', "line 1: 'b-ref' is not an S3 URI: \"s3://b/\\ud83d\""),
    ],
    ids=lambda text: str(text[:40]),
)
def test_what_is_wrong_is_told_with_its_line(text: bytes, said: str) -> None:
    with pytest.raises(ManifestError) as raised:
        find_records(MemoryStore(), parse_lines(text, ["a", "b-ref"]))
    assert said in str(raised.value)
