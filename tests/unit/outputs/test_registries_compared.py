"""Two registries differ in what they hold, not in where their executions put it."""

from __future__ import annotations

from seatrial.outputs import Difference, S3OutputPathRegistry, registry_of_definition
from seatrial.outputs.registries_compared import compare_registries
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate

DEFINITION = pipeline(
    processing("Prep", outputs={"train": join(PREFIX, "train"), "report": join(PREFIX, "report")})
)
OTHER = "s3://elsewhere/MODS/cancer_1"
HERE = "s3://seatrial/cancer/abc123def456"


def registry(prefix: str = HERE, **files: bytes) -> S3OutputPathRegistry:
    doing = {"Prep": Doing(writes={"train": files, "report": {}})}
    return simulate(DEFINITION, doing, prefix=prefix, store=MemoryStore()).registry


def kinds(differences: tuple[Difference, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(each.kind, each.output, each.key) for each in differences]


def test_the_same_under_two_prefixes_agrees() -> None:
    found = compare_registries(registry(a=b"1"), registry(OTHER, a=b"1"), prefixes=(HERE, OTHER))
    assert (found.agree, found.objects) == (True, 1)


def test_every_object_that_differs_is_named() -> None:
    found = compare_registries(registry(a=b"1", b=b"2"), registry(a=b"x", c=b"3"))
    assert kinds(found.differences) == [
        ("content", "train", "a"),
        ("only-in-first", "train", "b"),
        ("only-in-second", "train", "c"),
    ]


def test_outputs_without_objects_are_compared_as_well() -> None:
    second = registry(a=b"1")
    del second.step_outputs["Prep"]["report"]
    assert kinds(compare_registries(registry(a=b"1"), second).differences) == [
        ("only-in-first", "report", None)
    ]


def test_two_plans_are_compared_by_their_places() -> None:
    def planned(name: str) -> S3OutputPathRegistry:
        return registry_of_definition(
            pipeline(training("Train"), processing("Prep", outputs={"train": join(PREFIX, name)}))
        )

    assert compare_registries(planned("a"), planned("a")).agree
    found = compare_registries(planned("a"), planned("b")).differences
    assert [(each.kind, each.step, each.output) for each in found] == [("place", "Prep", "train")]
