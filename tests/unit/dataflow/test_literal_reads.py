"""Places that are not apart are found without a look at each pair."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.dataflow import plan_of
from seatrial.dataflow.literal_reads import literal_reads
from seatrial.dataflow.places import relation
from tests.adapters.pipelines import pipeline, processing

PLACES = st.lists(st.lists(st.sampled_from(["a", "b", "ab"]), max_size=3), min_size=1, max_size=5)


@settings(max_examples=40)
@given(PLACES, PLACES)
def test_every_pair_that_meets_is_found_and_no_other(written: list[list[str]], read: list[list[str]]) -> None:
    outputs = {f"o{index}": "/".join(["s3://bucket/x", *place]) for index, place in enumerate(written)}
    inputs = {f"i{index}": "/".join(["s3://bucket/x", *place]) for index, place in enumerate(read)}
    plan = plan_of(pipeline(processing("Write", outputs=outputs), processing("Read", inputs)))

    found = [(pair.read.name, pair.output.name, pair.how) for pair in literal_reads(plan)]
    assert found == [
        (name, output, how)
        for name, place in inputs.items()
        for output, other in outputs.items()
        if (how := relation(place, other))
    ]
