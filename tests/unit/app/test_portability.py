"""In which order a pipeline is run under two prefixes, what is refused, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.app.portability import Course, Prefixes, Sail, check_portability, chosen_prefixes
from seatrial.app.trial import Trial
from seatrial.app.wishes import Wishes
from seatrial.definition import PipelineDefinition, parse
from seatrial.errors import DefinitionError, RefusedError
from seatrial.execution import RandomIds
from seatrial.ports.executions import ExecutionStatus, StepStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.storage import S3Uri
from seatrial.settings import Settings
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.records.values import a_request

PLACES = Prefixes(
    "s3://seatrial/portability/x/a", "s3://elsewhere/x/deep/er/b", "s3://seatrial/portability/x/c"
)
DoingUnder = Callable[[str], Mapping[str, Doing]]


def writes(**environment: str) -> PipelineDefinition:
    return pipeline(processing("Write", outputs={"out": join(PREFIX, "out")}, environment=environment))


@pytest.fixture
def parts(settings: Settings) -> Parts:
    """A project with a store in memory."""
    parts = Parts(settings, print)
    vars(parts)["store"] = MemoryStore()
    return parts


def sailing(under: list[str], doing: DoingUnder = lambda prefix: {}) -> Sail:
    """Runs that are simulated, and recorded as real ones; the prefixes are noted."""

    def sail(parts: Parts, wishes: Wishes) -> Trial:
        prefix = str(wishes.prefix)
        under.append(prefix)
        definition = parse(wishes.definition_text, source=wishes.source)
        store = parts.store
        assert isinstance(store, MemoryStore)
        ended = simulate(definition, doing(prefix), store=store, prefix=prefix).record
        name = RandomIds().execution_id()
        ended = replace(ended, execution_id=name, arn=f"{ended.pipeline_arn}/execution/{name}")
        begun = replace(ended, status=ExecutionStatus.EXECUTING, ended_at=None, failure_reason=None, steps=())
        parts.records.create(begun)
        with parts.records.drive(name) as journal:
            for step in ended.steps:
                own = f"{name}-{step.name}"
                job = replace(a_request(step.name), name=own, arn=f"arn:{own}", execution_id=name)
                begins = replace(step, status=StepStatus.EXECUTING, result=None, job_name=job.name)
                journal.step_changed(None, begins, job=job)
                journal.step_changed(begins, replace(step, job_name=job.name))
            journal.execution_changed(begun, ended)
        return trial.recorded(parts, name)

    return sail


def course(parts: Parts, definition: PipelineDefinition, **parameters: str) -> Course:
    return Course(parts, Wishes("cancer", definition.text, "pipeline.json", parameters=parameters))


def test_two_runs_are_made_and_what_is_found_is_kept_with_the_second(parts: Parts) -> None:
    under: list[str] = []
    leaky = course(parts, writes(OUT=f"{PLACES.first}/metrics"))

    found = check_portability(leaky, leaky, PLACES, sailing(under))

    assert under == [PLACES.first, PLACES.second]
    assert [each.code for each in found.findings] == ["ST142"]
    assert found.second is not None
    second = found.second.trial.record.execution_id
    assert [each.code for each in parts.records.execution(second).findings] == ["ST142"]
    assert parts.records.execution(found.first.trial.record.execution_id).findings == ()
    assert (found.exit_code("error"), found.exit_code("never")) == (1, 0)


def test_a_pipeline_that_follows_its_prefix_is_portable(parts: Parts) -> None:
    sound = course(parts, writes())

    found = check_portability(sound, sound, PLACES, sailing([]), thorough=True)

    assert (found.findings, found.third, found.exit_code("note")) == ((), None, 0)
    assert found.varied == ("prefix",)


def test_another_account_and_region_are_said_to_have_varied(parts: Parts) -> None:
    settings = parts.settings.model_copy(update={"account_id": "999988887777", "region": "eu-west-1"})
    second = Parts(settings, print)
    vars(second)["store"] = parts.store

    found = check_portability(course(parts, writes()), course(second, writes()), PLACES, sailing([]))

    assert found.varied == ("prefix", "account", "region")
    assert [(leg.account_id, leg.region) for leg in found.legs] == [
        ("123456789012", "us-east-1"),
        ("999988887777", "eu-west-1"),
    ]


def test_what_fails_under_the_first_prefix_is_not_run_under_the_second(parts: Parts) -> None:
    under: list[str] = []
    broken = course(parts, writes())

    found = check_portability(
        broken, broken, PLACES, sailing(under, lambda prefix: {"Write": Doing(fails="no")})
    )

    assert under == [PLACES.first]
    assert (found.second, found.compared, found.exit_code("never")) == (None, None, 1)


def deep(prefix: str) -> Mapping[str, Doing]:
    """A file that holds the depth of its prefix."""
    return {"Write": Doing(writes={"out": {"a.bin": bytes([prefix.count("/")])}})}


def test_a_third_run_is_made_only_if_asked_for_and_needed(parts: Parts) -> None:
    under: list[str] = []
    doubtful = course(parts, writes())
    first = check_portability(doubtful, doubtful, PLACES, sailing(under, deep))
    assert [(each.code, each.severity) for each in first.findings] == [("ST141", Severity.NOTE)]

    places = Prefixes(*(place.replace("/x/", "/y/") for place in vars(PLACES).values()))
    again = check_portability(doubtful, doubtful, places, sailing(under, deep), thorough=True)
    assert under[2:] == [places.first, places.second, places.like_first]
    assert [(each.code, each.severity) for each in again.findings] == [("ST141", Severity.ERROR)]


def test_a_third_run_that_fails_proves_nothing(parts: Parts) -> None:
    def fails_at_last(prefix: str) -> Mapping[str, Doing]:
        return {"Write": Doing(fails="no room")} if prefix == PLACES.like_first else deep(prefix)

    doubtful = course(parts, writes())
    found = check_portability(doubtful, doubtful, PLACES, sailing([], fails_at_last), thorough=True)

    assert [(each.code, each.severity) for each in found.findings] == [("ST141", Severity.NOTE)]
    assert found.exit_code("never") == 1


def test_a_definition_that_is_refused_under_the_second_prefix_is_a_finding(parts: Parts) -> None:
    missing = Finding("ST103", Severity.ERROR, "nothing lies at s3://elsewhere/x/deep/er/b/raw")
    under: list[str] = []
    sail = sailing(under)

    def refusing(parts: Parts, wishes: Wishes) -> Trial:
        if wishes.prefix == PLACES.second:
            raise DefinitionError([missing], slug="missing-inputs")
        return sail(parts, wishes)

    sound = course(parts, writes())
    found = check_portability(sound, sound, PLACES, refusing)

    assert [each.code for each in found.findings] == ["ST143", "ST103"]
    assert found.exit_code("error") == 1


@pytest.mark.parametrize(
    ("definition", "parameters", "prefixes", "slug"),
    [
        (pipeline(processing("Write"), prefix=False), {}, PLACES, "prefix-without-parameter"),
        (writes(), {"EXECUTION_S3_PREFIX": "s3://a/b"}, PLACES, "two-prefixes"),
        (writes(), {}, Prefixes("s3://bucket/a", "s3://bucket/a/b", ""), "prefixes-overlap"),
        (writes(), {}, Prefixes("s3://bucket/a", "s3://bucket/a", ""), "prefixes-overlap"),
        (writes(), {}, Prefixes("s3://full/a", "s3://bucket/b", ""), "prefix-not-fresh"),
        (writes(), {}, Prefixes("s3://bucket/b", "s3://full/a", ""), "prefix-not-fresh"),
        (writes(), {}, Prefixes("bucket/b", "s3://full/c", ""), "invalid-prefix"),
    ],
)
def test_what_cannot_be_judged_is_refused_before_anything_runs(
    parts: Parts,
    definition: PipelineDefinition,
    parameters: Mapping[str, str],
    prefixes: Prefixes,
    slug: str,
) -> None:
    parts.store.write(S3Uri("full", "a/x"), b"1")
    parts.store.write(S3Uri("bucket", "beside/x"), b"1")
    under: list[str] = []
    asked = course(parts, definition, **parameters)

    with pytest.raises(RefusedError) as refusal:
        check_portability(asked, asked, prefixes, sailing(under))

    assert (refusal.value.slug, under) == (slug, [])
    assert refusal.value.hint


def test_prefixes_are_fresh_and_of_two_buckets_and_depths(parts: Parts) -> None:
    chosen = chosen_prefixes(parts, ())
    one, other, again = (S3Uri.parse(place) for place in vars(chosen).values())
    assert one.bucket == again.bucket == "seatrial"
    assert other.bucket == "seatrial-elsewhere"
    assert one.key.count("/") == again.key.count("/") < other.key.count("/")
    assert chosen_prefixes(parts, ()) != chosen


def test_prefixes_that_are_given_are_taken(parts: Parts) -> None:
    chosen = chosen_prefixes(parts, ("s3://mine/a/", "s3://yours/b"))
    assert vars(chosen) == {
        "first": "s3://mine/a",
        "second": "s3://yours/b",
        "like_first": "s3://mine/a-again",
    }
    assert chosen_prefixes(parts, ("s3://mine/a",)).second.startswith("s3://seatrial-elsewhere/")
