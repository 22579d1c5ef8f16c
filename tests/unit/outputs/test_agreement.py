"""Two executions agree when the same steps came through and their outputs hold the same."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.outputs import Agreement, Difference, Origin, Side, agreement_of, side_of
from seatrial.ports.jobs import ArchiveMember
from seatrial.ports.storage import StoredObject
from tests.adapters.pipelines import PREFIX, join, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.outputs.sides import a_side

ONE, TWO = "a" * 32, "b" * 32
FIRST, SECOND = "aaaaaaaaaaaa", "bbbbbbbbbbbb"
DATA, MODEL, OUTPUT = ("Prep", "data"), ("Train", "model"), ("Train", "output")
MIRRORED = {"only-in-first": "only-in-second", "only-in-second": "only-in-first"}


def found(agreement: Agreement) -> list[tuple[str, str, str | None, str | None]]:
    return [(each.kind, each.step, each.key, each.member) for each in agreement.differences]


def mirrored(difference: Difference) -> Difference:
    kind = MIRRORED.get(difference.kind, difference.kind)
    return dataclasses.replace(difference, kind=kind, first=difference.second, second=difference.first)


def member(name: str, sha256: str = "00") -> ArchiveMember:
    return ArchiveMember(name, 4, sha256)


outputs = st.dictionaries(
    st.tuples(st.sampled_from(["Prep", "Train"]), st.sampled_from(["data", "output"])),
    st.dictionaries(
        st.sampled_from(["a.csv", "b/c.csv", "output.tar.gz", f"{FIRST}.txt", f"pipelines-{SECOND}-Prep/x"]),
        st.sampled_from([ONE, TWO, f"{ONE}-2", f"{TWO}-2"]),
    ),
)
packed = st.dictionaries(
    st.just(OUTPUT),
    st.lists(st.sampled_from([member("data/x"), member("x"), member("x", "11")]), unique=True),
)
sides = st.builds(
    a_side,
    st.sampled_from([FIRST, SECOND]),
    outputs,
    members=packed.map(lambda kept: {place: tuple(members) for place, members in kept.items()}),
    statuses=st.dictionaries(st.sampled_from(["Prep", "Check"]), st.sampled_from(["Succeeded", "Failed"])),
    engine=st.sampled_from(["native", "local-mode"]),
)


@given(sides)
def test_every_execution_agrees_with_itself(side: Side) -> None:
    agreement = agreement_of(side, side)

    assert agreement.differences == agreement.excepted == ()
    assert agreement.agree is bool(side.statuses)


@given(sides, sides)
def test_whoever_comes_first_the_same_differs(one: Side, other: Side) -> None:
    there, back = agreement_of(one, other), agreement_of(other, one)

    assert set(there.differences) == set(map(mirrored, back.differences))
    assert set(there.excepted) == set(map(mirrored, back.excepted))
    assert (there.steps, there.objects) == (back.steps, back.objects)


@given(outputs)
def test_ids_job_names_and_the_prefix_are_left_out_of_account(
    kept: dict[tuple[str, str], dict[str, str]],
) -> None:
    def named(execution_id: str) -> dict[tuple[str, str], dict[str, str]]:
        return {
            (step, output): {
                f"{execution_id}/pipelines-{execution_id}-{step}/{number}": etag
                for number, etag in enumerate(objects.values())
            }
            for (step, output), objects in kept.items()
        }

    assert agreement_of(a_side(FIRST, named(FIRST)), a_side(SECOND, named(SECOND))).differences == ()


def test_what_only_one_has_is_told_with_its_size_and_etag() -> None:
    first = a_side(FIRST, {DATA: {"a.csv": ONE, "b.csv": ONE}})
    agreement = agreement_of(first, a_side(SECOND, {DATA: {"a.csv": ONE, "c.csv": TWO}}))

    assert found(agreement) == [
        ("only-in-first", "Prep", "b.csv", None),
        ("only-in-second", "Prep", "c.csv", None),
    ]
    assert agreement.differences[0].first == f"4 bytes, ETag {ONE}"
    assert agreement.differences[0].second is None
    assert agreement.objects == 3


def test_another_content_is_a_difference() -> None:
    agreement = agreement_of(a_side(FIRST, {DATA: {"a.csv": ONE}}), a_side(SECOND, {DATA: {"a.csv": TWO}}))

    assert found(agreement) == [("content", "Prep", "a.csv", None)]


def test_another_place_beneath_the_prefix_is_a_difference() -> None:
    other = a_side(SECOND, {DATA: {"a.csv": ONE}})
    moved = dataclasses.replace(other, prefix="s3://seatrial/P")

    [difference] = agreement_of(a_side(FIRST, {DATA: {"a.csv": ONE}}), moved).differences

    assert (difference.kind, difference.first) == ("place", "{prefix}/Prep/data")
    assert difference.second == "{prefix}/{execution}/Prep/data"


def test_a_step_that_ended_otherwise_or_never_started_is_a_difference() -> None:
    first = a_side(FIRST, statuses={"Prep": "Succeeded", "Check": "Succeeded"})
    second = a_side(SECOND, statuses={"Prep": "Failed"})

    assert [(each.step, each.first, each.second) for each in agreement_of(first, second).differences] == [
        ("Prep", "Succeeded", "Failed"),
        ("Check", "Succeeded", "not started"),
    ]


def test_archives_are_compared_by_what_is_in_them() -> None:
    def with_model(execution_id: str, etag: str, *members: ArchiveMember) -> Side:
        return a_side(execution_id, {MODEL: {"model.tar.gz": etag}}, members={MODEL: members})

    first = with_model(FIRST, ONE, member("model.bin"), member("code/a.py"))

    assert agreement_of(first, with_model(SECOND, TWO, member("code/a.py"), member("model.bin"))).agree
    assert found(agreement_of(first, with_model(SECOND, TWO, member("model.bin", "11"), member("b")))) == [
        ("content", "Train", "model.tar.gz", "model.bin"),
        ("only-in-first", "Train", "model.tar.gz", "code/a.py"),
        ("only-in-second", "Train", "model.tar.gz", "b"),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "name"),
    [
        ((ArchiveMember("now", 0, "", "symbolic link", "v1"),), (), "now"),
        (
            (ArchiveMember("now", 0, "", "symbolic link", "v1"),),
            (ArchiveMember("now", 0, "", "symbolic link", "v2"),),
            "now",
        ),
        ((ArchiveMember("now", 4, "00", "hard link", "v1"),), (member("now"),), "now"),
        ((member("v1", "11"), member("v1")), (member("v1", "22"), member("v1")), "v1"),
        ((member("v1"), member("v1")), (member("v1"),), "v1 (2)"),
    ],
)
def test_links_and_names_that_come_twice_are_compared_too(
    ours: tuple[ArchiveMember, ...], theirs: tuple[ArchiveMember, ...], name: str
) -> None:
    rest = member("rest")
    first = a_side(FIRST, {MODEL: {"model.tar.gz": ONE}}, members={MODEL: (*ours, rest)})
    second = a_side(SECOND, {MODEL: {"model.tar.gz": TWO}}, members={MODEL: (*theirs, rest)})

    assert [each.member for each in agreement_of(first, second).differences] == [name]


def test_an_archive_whose_members_nobody_knows_is_not_taken_for_equal() -> None:
    first, second = (
        a_side(each, {MODEL: {"model.tar.gz": etag}}) for each, etag in ((FIRST, ONE), (SECOND, TWO))
    )

    [difference] = agreement_of(first, second).differences

    assert difference.reason is not None
    assert "not known" in difference.reason


class Told:
    """Contents as the test has them, by ETag."""

    def __init__(self, **digests: str) -> None:
        self.digests = digests

    def digest(self, stored: StoredObject) -> str | None:
        return self.digests.get(stored.etag[0])

    def members(self, stored: StoredObject) -> tuple[ArchiveMember, ...] | None:
        digest = self.digest(stored)
        return None if digest is None else (member("x", digest),)

    def text(self, stored: StoredObject) -> str | None:
        return None


@pytest.mark.parametrize("key", ["large.csv", "packed.tar.gz"])
def test_what_etags_do_not_tell_is_looked_up(key: str) -> None:
    first = a_side(FIRST, {DATA: {key: f"{ONE}-2"}})
    second = a_side(SECOND, {DATA: {key: f"{TWO}-3"}})

    assert agreement_of(first, second, Told(a="same", b="same")).agree
    assert not agreement_of(first, second, Told(a="same", b="other")).agree
    [unknown] = agreement_of(first, second, Told(a="same")).differences
    assert unknown.reason is not None


class NoArchives(Told):
    """Contents that can be read, and are no archives."""

    def members(self, stored: StoredObject) -> tuple[ArchiveMember, ...] | None:
        return None


def test_what_is_no_archive_whatever_its_name_is_told_by_its_bytes() -> None:
    first = a_side(FIRST, {DATA: {"packed.tar.gz": f"{ONE}-2"}})
    second = a_side(SECOND, {DATA: {"packed.tar.gz": f"{TWO}-3"}})

    assert agreement_of(first, second, NoArchives(a="same", b="same")).agree
    [other] = agreement_of(first, second, NoArchives(a="same", b="other")).differences
    assert "not both are archives" in str(other.reason)
    [gone] = agreement_of(first, second, NoArchives(a="same")).differences
    assert "not known" in str(gone.reason)


def test_an_etag_of_a_whole_upload_needs_no_second_look() -> None:
    first, second = a_side(FIRST, {DATA: {"a": ONE}}), a_side(SECOND, {DATA: {"a": TWO}})

    assert not agreement_of(first, second, Told(a="same", b="same")).agree


class Texts(Told):
    """Contents as the test has them, by execution."""

    def text(self, stored: StoredObject) -> str | None:
        return next(text for execution_id, text in self.digests.items() if execution_id in stored.key)


@pytest.mark.parametrize(
    ("text", "excepted"),
    [
        ("s3://seatrial/P/{0}/Prep/data by pipelines-{0}-Prep", True),
        ("s3://elsewhere/{0}/data", True),
        ("s3://seatrial/P/{0}/Prep/data, but for the {1}", False),
    ],
)
def test_a_text_that_only_names_its_own_execution_otherwise_is_excepted(text: str, excepted: bool) -> None:
    first, second = a_side(FIRST, {DATA: {"a.json": ONE}}), a_side(SECOND, {DATA: {"a.json": TWO}})
    said = Texts(**{FIRST: text.format(FIRST, "one"), SECOND: text.format(SECOND, "other")})

    agreement = agreement_of(first, second, said)

    assert agreement.agree is excepted
    assert len(agreement.excepted) == excepted


def packed_by(execution_id: str, engine: str, *members: ArchiveMember) -> Side:
    etag = ONE if engine == "native" else TWO
    return a_side(execution_id, {OUTPUT: {"output.tar.gz": etag}}, members={OUTPUT: members}, engine=engine)


def test_local_mode_may_pack_more_but_in_data_just_what_we_packed() -> None:
    native = packed_by(FIRST, "native", member("plot.png"))
    local = packed_by(SECOND, "local-mode", member("data/plot.png"), member("success"))

    agreement = agreement_of(native, local)

    assert agreement.agree
    assert [(each.kind, each.key) for each in agreement.excepted] == [("content", "output.tar.gz")]
    assert "packs all of /opt/ml/output" in str(agreement.excepted[0].reason)
    assert found(agreement_of(packed_by(FIRST, "native", member("gone")), local)) == [
        ("only-in-first", "Train", "output.tar.gz", "gone"),
        ("only-in-second", "Train", "output.tar.gz", "plot.png"),
    ]
    assert found(agreement_of(packed_by(FIRST, "native", member("plot.png", "11")), local)) == [
        ("content", "Train", "output.tar.gz", "plot.png")
    ]


def test_between_two_runs_of_one_engine_nothing_is_excepted() -> None:
    first = packed_by(FIRST, "native", member("plot.png"))
    second = dataclasses.replace(
        packed_by(SECOND, "local-mode", member("data/plot.png")), engines=("native",)
    )

    assert len(agreement_of(first, second).differences) == 2


def test_what_only_local_mode_packed_into_data_is_a_difference() -> None:
    native = packed_by(FIRST, "native", member("plot.png"))
    local = packed_by(
        SECOND, "local-mode", member("data/plot.png"), member("data/more"), member("deep/data/x")
    )

    assert found(agreement_of(native, local)) == [("only-in-second", "Train", "output.tar.gz", "more")]
    assert found(agreement_of(local, native)) == [("only-in-first", "Train", "output.tar.gz", "more")]


def test_only_the_folder_data_at_the_top_is_what_the_other_packs() -> None:
    native = packed_by(FIRST, "native", member("plot.png"))
    local = packed_by(SECOND, "local-mode", member("deep/data/plot.png"))

    assert found(agreement_of(native, local)) == [("only-in-first", "Train", "output.tar.gz", "plot.png")]


def test_packed_archives_that_nobody_can_look_into_are_not_excepted() -> None:
    native = packed_by(FIRST, "native", member("plot.png"))

    [difference] = agreement_of(native, packed_by(SECOND, "local-mode")).differences

    assert "not known" in str(difference.reason)


def test_links_in_what_local_mode_packed_lead_where_the_others_lead() -> None:
    def link(name: str, target: str) -> ArchiveMember:
        return ArchiveMember(name, 4, "00", "hard link", target)

    native = packed_by(FIRST, "native", member("a"), link("b", "a"))
    local = packed_by(SECOND, "local-mode", member("data/a"), link("data/b", "./data/a"))
    astray = packed_by(SECOND, "local-mode", member("data/a"), link("data/b", "data/c"))

    assert agreement_of(native, local).agree
    assert not agreement_of(native, astray).agree


@pytest.mark.parametrize("output", ["output", "output-3"])
def test_what_local_mode_packed_for_a_training_job_of_a_tuning_job_is_excepted_too(output: str) -> None:
    def wrote(execution_id: str, engine: str, *members: ArchiveMember) -> Side:
        place = ("Tune", output)
        etag = ONE if engine == "native" else TWO
        return a_side(execution_id, {place: {"output.tar.gz": etag}}, members={place: members}, engine=engine)

    native = wrote(FIRST, "native", member("x"))
    assert agreement_of(native, wrote(SECOND, "local-mode", member("data/x"), member("failure"))).agree
    assert not agreement_of(native, wrote(SECOND, "local-mode", member("data/y"))).agree


def test_a_processing_output_of_that_name_is_compared_like_any_other() -> None:
    def wrote(execution_id: str, engine: str, *members: ArchiveMember) -> Side:
        place = ("Prep", "output")
        etag = ONE if engine == "native" else TWO
        return a_side(execution_id, {place: {"output.tar.gz": etag}}, members={place: members}, engine=engine)

    agreement = agreement_of(
        wrote(FIRST, "native", member("x")), wrote(SECOND, "local-mode", member("data/x"), member("success"))
    )

    assert agreement.excepted == ()
    assert len(agreement.differences) == 3


def test_only_an_output_that_local_mode_itself_packed_is_excepted() -> None:
    native = packed_by(FIRST, "native", member("x"))
    resumed = dataclasses.replace(
        packed_by(SECOND, "local-mode", member("data/x"), member("success")), engines=("native", "local-mode")
    )
    by_native = dataclasses.replace(resumed, origins={"Train": Origin(SECOND, resumed.prefix, "native")})

    assert agreement_of(native, resumed).agree
    assert not agreement_of(native, by_native).agree


def test_an_archive_that_only_local_mode_made_is_excepted_unless_it_holds_data() -> None:
    native = a_side(FIRST, statuses={"Train": "Succeeded"})
    local = packed_by(SECOND, "local-mode", member("success"))

    assert [each.kind for each in agreement_of(native, local).excepted] == ["only-in-second"]
    assert agreement_of(native, local).agree
    assert found(agreement_of(native, packed_by(SECOND, "local-mode", member("data/x")))) == [
        ("only-in-second", "Train", "output.tar.gz", "x")
    ]
    assert not agreement_of(native, packed_by(SECOND, "local-mode")).agree
    without = dataclasses.replace(native, engines=("local-mode",))
    assert not agreement_of(packed_by(SECOND, "native", member("x")), without).agree


def test_two_simulated_runs_agree_until_one_of_them_writes_something_else() -> None:
    definition = pipeline(processing("Prep", outputs={"data": join(PREFIX, "data")}), training("Train"))

    def side(**doing: bytes) -> Side:
        flow = simulate(definition, {"Prep": Doing(writes={"data": {"a.csv": doing["a"]}})})
        return side_of(flow.record, flow.registry)

    assert agreement_of(side(a=b"1"), side(a=b"1")).agree
    assert found(agreement_of(side(a=b"1"), side(a=b"2"))) == [("content", "Prep", "a.csv", None)]


def test_a_step_taken_from_an_earlier_execution_is_not_compared() -> None:
    first = a_side(FIRST, {DATA: {"a.csv": ONE}, MODEL: {"model.bin": ONE}})
    second = a_side(SECOND, {DATA: {"a.csv": ONE}, MODEL: {"model.bin": ONE}}, taken={"Prep": FIRST})

    agreement = agreement_of(first, second)

    assert agreement.agree
    assert (agreement.steps, agreement.objects) == (1, 1)
    [excepted] = agreement.excepted
    assert (excepted.kind, excepted.step, excepted.first) == ("not-run", "Prep", "Succeeded")
    assert excepted.second == f"not run: taken from {FIRST}"


def test_an_execution_that_took_every_job_from_another_proves_nothing() -> None:
    first = a_side(FIRST, {DATA: {"a.csv": ONE}}, statuses={"Check": "Succeeded"})
    second = a_side(
        SECOND,
        {DATA: {"a.csv": ONE}},
        statuses={"Check": "Succeeded"},
        taken={"Prep": FIRST},
        engine="local-mode",
    )

    for agreement in (agreement_of(first, second), agreement_of(second, first)):
        assert not agreement.agree
        assert agreement.differences == ()
        assert f"{SECOND} ran no job of its own" in str(agreement.undecided)


def test_two_that_ran_different_steps_do_not_agree() -> None:
    given = {DATA: {"a.csv": ONE}, MODEL: {"model.bin": ONE}}

    agreement = agreement_of(
        a_side(FIRST, given, taken={"Prep": "c" * 12}), a_side(SECOND, given, taken={"Train": "c" * 12})
    )

    assert (agreement.agree, agreement.undecided) == (False, "no step was run by both")


def test_where_no_step_ran_on_either_side_nothing_agrees() -> None:
    agreement = agreement_of(a_side(FIRST), a_side(SECOND))

    assert not agreement.agree
    assert "ran no step" in str(agreement.undecided)


def test_a_step_whose_outcome_was_given_is_not_compared() -> None:
    first = a_side(FIRST, {DATA: {"a.csv": ONE}, MODEL: {"model.bin": ONE}})
    second = a_side(
        SECOND, {DATA: {"a.csv": ONE}, MODEL: {"model.bin": ONE}}, given={"Prep": "local data for data"}
    )
    (excepted,) = agreement_of(first, second).excepted
    assert (excepted.kind, excepted.step) == ("not-run", "Prep")
    assert excepted.second == "not run: taken from a substitute (local data for data)"


def test_another_content_in_a_step_that_was_taken_is_a_difference_all_the_same() -> None:
    first = a_side(FIRST, {DATA: {"a.csv": ONE}, MODEL: {"model.bin": ONE}})
    second = a_side(SECOND, {DATA: {"a.csv": TWO}, MODEL: {"model.bin": ONE}}, taken={"Prep": "c" * 12})

    assert found(agreement_of(first, second)) == [("content", "Prep", "a.csv", None)]


def test_a_text_may_name_the_execution_that_a_step_was_taken_from() -> None:
    first = a_side(FIRST, {DATA: {}, MODEL: {"a.json": ONE}})
    second = a_side(SECOND, {DATA: {}, MODEL: {"a.json": TWO}}, taken={"Prep": "c" * 12})
    said = Texts(**{FIRST: f"s3://seatrial/P/{FIRST}/Prep", SECOND: f"s3://seatrial/P/{'c' * 12}/Prep"})

    assert agreement_of(first, second, said).agree


def failed(execution_id: str, reason: str, engine: str = "native") -> Side:
    return a_side(
        execution_id,
        engine=engine,
        statuses={"Train": "Failed"},
        failures={"Train": reason.format(id=execution_id, prefix=f"s3://seatrial/P/{execution_id}")},
    )


def test_steps_that_failed_for_different_reasons_do_not_agree() -> None:
    first, second = failed(FIRST, "AlgorithmError: exit code 1"), failed(SECOND, "ClientError: no data")

    [difference] = agreement_of(first, second).differences

    assert (difference.kind, difference.step) == ("failure", "Train")
    assert (difference.first, difference.second) == ("AlgorithmError: exit code 1", "ClientError: no data")


def test_reasons_that_differ_in_the_executions_own_names_alone_are_one_reason() -> None:
    said = "ClientError: job/{id} found nothing at {prefix}/Prep"

    assert agreement_of(failed(FIRST, said), failed(SECOND, said)).agree


def test_executions_that_ended_otherwise_do_not_agree() -> None:
    first = a_side(FIRST, {DATA: {"a.csv": ONE}})
    stopped = dataclasses.replace(a_side(SECOND, {DATA: {"a.csv": ONE}}), status="Stopped")

    [difference] = agreement_of(first, stopped).differences

    assert (difference.kind, difference.step) == ("status", None)
    assert (difference.first, difference.second) == ("Succeeded", "Stopped")


def test_a_simulated_failure_is_compared_by_its_reason() -> None:
    definition = pipeline(processing("Prep", outputs={"data": join(PREFIX, "data")}))

    def side(reason: str) -> Side:
        flow = simulate(definition, {"Prep": Doing(fails=reason)})
        return side_of(flow.record, flow.registry)

    assert agreement_of(side("too little memory"), side("too little memory")).agree
    assert [
        each.kind for each in agreement_of(side("too little memory"), side("no such file")).differences
    ] == ["failure"]


LOCALLY = (
    "ClientError: Failed to run: ['docker-compose', '-f', '/x/tmp{id}/docker-compose.yaml', 'up']. "
    "Process exited with code: "
)


def test_local_mode_tells_of_a_failure_in_its_own_words() -> None:
    native = failed(FIRST, "ClientError: AlgorithmError: too few rows, exit code: 3")

    agreement = agreement_of(native, failed(SECOND, LOCALLY + "3", "local-mode"))

    assert agreement.agree
    assert [(each.kind, each.step) for each in agreement.excepted] == [("failure", "Train")]
    assert not agreement_of(native, failed(SECOND, LOCALLY + "4", "local-mode")).agree
    assert not agreement_of(native, failed(SECOND, "ClientError: no image", "local-mode")).agree


def test_two_failures_under_local_mode_are_the_same_but_for_the_folder_that_it_made() -> None:
    first = failed(FIRST, LOCALLY.replace("{id}", "one") + "3", "local-mode")

    same = agreement_of(first, failed(SECOND, LOCALLY.replace("{id}", "two") + "3", "local-mode"))

    assert same.agree
    assert same.excepted == ()
    assert not agreement_of(first, failed(SECOND, LOCALLY + "1", "local-mode")).agree
