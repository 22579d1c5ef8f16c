"""The public registry: its queries, its counting and its round trip through JSON."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from seatrial.errors import RefusedError
from seatrial.outputs import ExecutionMetadata, S3OutputInfo, S3OutputPathRegistry

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


def an_output(step: str = "Preprocess", name: str = "train") -> S3OutputInfo:
    return S3OutputInfo(
        logical_name=name,
        s3_uri=f"s3://data/{step}/{name}",
        property_path=f"ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri",
        data_type="S3Uri",
        step_name=step,
        timestamp=NOON,
        metadata={"count": 1},
    )


def a_registry(total_steps: int = 2) -> S3OutputPathRegistry:
    metadata = ExecutionMetadata(
        pipeline_name="cancer", execution_id="abc", start_time=NOON, total_steps=total_steps
    )
    return S3OutputPathRegistry(execution_metadata=metadata)


def test_an_output_is_found_by_step_and_logical_name() -> None:
    registry = a_registry()
    registry.register_step_output("Preprocess", "train", an_output())
    assert registry.get_step_output_info("Preprocess", "train") == an_output()
    assert registry.get_step_output_path("Preprocess", "train") == "s3://data/Preprocess/train"
    assert registry.list_all_steps() == ["Preprocess"]


def test_what_was_never_registered_is_none_and_stays_unregistered() -> None:
    registry = a_registry()
    assert registry.get_step_output_info("Preprocess", "train") is None
    assert registry.get_step_output_path("Preprocess", "train") is None
    assert registry.get_all_step_outputs("Preprocess") == {}
    assert registry.list_all_steps() == []


def test_changing_the_answer_leaves_the_registry_as_it_is() -> None:
    registry = a_registry()
    registry.register_step_output("Preprocess", "train", an_output())
    registry.get_all_step_outputs("Preprocess").clear()
    assert registry.get_step_output_path("Preprocess", "train") == "s3://data/Preprocess/train"


def test_completion_counts_steps_not_outputs() -> None:
    registry = a_registry(total_steps=2)
    for name in ("train", "validation", "test"):
        registry.register_step_output("Preprocess", name, an_output(name=name))
    assert registry.execution_metadata is not None
    assert registry.execution_metadata.completed_steps == 1
    assert not registry.execution_metadata.is_complete()


def test_a_step_without_outputs_is_marked_by_hand() -> None:
    registry = a_registry(total_steps=2)
    registry.register_step_output("Preprocess", "train", an_output())
    assert registry.execution_metadata is not None
    registry.execution_metadata.mark_step_completed()
    assert registry.execution_metadata.is_complete()


def test_an_execution_whose_steps_were_never_counted_is_not_complete() -> None:
    assert not a_registry(total_steps=0).execution_metadata.is_complete()  # type: ignore[union-attr]  # set above


def test_times_without_a_zone_are_refused() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        ExecutionMetadata(pipeline_name="p", execution_id="e", start_time=NOON.replace(tzinfo=None))


def test_times_are_kept_in_utc() -> None:
    in_india = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    metadata = ExecutionMetadata(pipeline_name="p", execution_id="e", start_time=in_india)
    assert metadata.start_time.isoformat() == "2026-03-01T12:00:00+00:00"


def test_the_manifest_is_plain_json_with_the_keys_that_users_know() -> None:
    registry = a_registry()
    registry.register_step_output("Preprocess", "train", an_output())
    manifest = registry.export_to_manifest()
    assert set(manifest) == {"schema_version", "execution_metadata", "step_outputs"}
    assert json.loads(json.dumps(manifest)) == manifest
    assert manifest["execution_metadata"]["start_time"] == "2026-03-01T12:00:00Z"


@given(
    names=st.dictionaries(
        st.text(min_size=1, max_size=8), st.sets(st.text(max_size=8), min_size=1, max_size=3), max_size=4
    ),
    time=st.datetimes(
        timezones=st.timezones(), min_value=datetime(1970, 1, 2), max_value=datetime(2200, 1, 1)
    ),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda leaf: st.lists(leaf, max_size=3)
    ),
)
def test_a_registry_survives_json_unchanged(
    names: dict[str, set[str]], time: datetime, value: object
) -> None:
    registry = a_registry()
    for step, outputs in names.items():
        for output in outputs:
            info = an_output(step, output).model_copy(update={"metadata": {"any": value}})
            registry.register_step_output(step, output, S3OutputInfo(**{**dict(info), "timestamp": time}))
    copy = S3OutputPathRegistry()
    copy.import_from_manifest(json.loads(json.dumps(registry.export_to_manifest())))
    assert copy == registry


def test_importing_twice_counts_nothing_twice() -> None:
    registry = a_registry()
    registry.register_step_output("Preprocess", "train", an_output())
    manifest = registry.export_to_manifest()
    registry.import_from_manifest(manifest)
    registry.import_from_manifest(manifest)
    assert registry.export_to_manifest() == manifest


def test_a_manifest_without_schema_version_and_with_unknown_keys_is_read() -> None:
    manifest = a_registry().export_to_manifest()
    del manifest["schema_version"]
    manifest["summary"] = {"outputs": 0}
    copy = S3OutputPathRegistry()
    copy.import_from_manifest(manifest)
    assert copy == a_registry()


@pytest.mark.parametrize("version", [2, 0, "1", None, True])
def test_a_manifest_of_a_version_that_we_cannot_read_is_refused(version: object) -> None:
    with pytest.raises(RefusedError, match="schema version") as refused:
        S3OutputPathRegistry().import_from_manifest({"schema_version": version})
    assert refused.value.slug == "unknown-manifest-version"


def test_a_broken_manifest_is_refused_with_the_place_and_changes_nothing() -> None:
    registry = a_registry()
    registry.register_step_output("Preprocess", "train", an_output())
    before = registry.export_to_manifest()
    broken = json.loads(json.dumps(before))
    del broken["step_outputs"]["Preprocess"]["train"]["s3_uri"]
    with pytest.raises(RefusedError) as refused:
        registry.import_from_manifest(broken)
    assert refused.value.where == "/step_outputs/Preprocess/train/s3_uri"
    assert registry.export_to_manifest() == before
