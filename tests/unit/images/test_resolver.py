"""The order of finding an image: here, by the settings' rule, from its registry, by a stand-in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seatrial.errors import ImageError
from seatrial.images import Images, pulling, resolver
from seatrial.images.context import reference_of
from seatrial.images.recipes import RECIPES
from seatrial.ports.images import ImagePlan
from seatrial.settings import BuildSettings, Settings
from tests.unit.images.engine import Engine

ECR = "683313688378.dkr.ecr.us-east-1.amazonaws.com"
XGBOOST = f"{ECR}/sagemaker-xgboost:1.7-1"
OURS = tuple(reference_of(recipe) for recipe in RECIPES.values())

Make = Callable[..., Images]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def make(tmp_path: Path, said: list[str]) -> Make:
    """Images over an engine, with the settings that a test cares for."""

    def make(engine: Engine, *, pull: bool = True, **rules: str) -> Images:
        settings = Settings(cache_dir=tmp_path, images=rules, build=BuildSettings(pull=pull))
        return Images(engine.client, settings, said.append)

    return make


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "has_credentials", lambda registry: False)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine whose registries swallow every question."""
    monkeypatch.setattr(pulling, "SECONDS_TO_FIRST_ANSWER", 0.05)
    engine = Engine(OURS, silent=True)
    yield engine
    engine.release()


def test_an_image_is_built_after_what_it_stands_on(make: Make) -> None:
    engine = Engine((reference_of(RECIPES["python"]),))
    reference = make(engine).ensure("xgboost")

    assert engine.built == [reference_of(RECIPES["toolkit"]), reference]
    assert engine.arguments[reference]["PYTHON"] == reference_of(RECIPES["python"])
    assert engine.arguments[reference]["TOOLKIT"] == reference_of(RECIPES["toolkit"])


def test_an_image_that_is_here_is_not_built_again(make: Make) -> None:
    engine = Engine(OURS)

    assert make(engine).ensure("base") == reference_of(RECIPES["base"])
    assert engine.built == []


def test_two_at_once_build_once(make: Make) -> None:
    engine = Engine((reference_of(RECIPES["python"]),))
    images = make(engine)
    together = threading.Barrier(2)

    def ensure() -> None:
        together.wait()
        images.ensure("base")

    threads = [threading.Thread(target=ensure) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert engine.built == [reference_of(RECIPES["base"])]


def test_a_name_that_is_not_ours_is_refused_with_those_that_are(make: Make) -> None:
    with pytest.raises(ImageError, match="no image 'pytorch' among ours") as refused:
        make(Engine()).ensure("pytorch")

    assert "scikit-learn-1.2" in (refused.value.hint or "")


def test_an_exact_local_tag_comes_before_every_rule(make: Make) -> None:
    found = make(Engine((*OURS, XGBOOST)), **{"*": "base"}).resolve(XGBOOST)

    assert (found.reference, found.substituted) == (XGBOOST, None)


def test_a_rule_comes_before_the_registry(make: Make) -> None:
    engine = Engine((*OURS, "our/own:2"), registry=("quay.io/a/b:1",))
    found = make(engine, **{"quay.io/*": "our/own:2"}).resolve("quay.io/a/b:1")

    assert found.reference == "our/own:2"
    assert found.substituted == "as the settings say for 'quay.io/*'"
    assert engine.pulled == []


def test_a_rule_may_name_an_image_of_ours(make: Make) -> None:
    found = make(Engine(OURS), **{"*/mine:*": "scikit-learn"}).resolve(f"{ECR}/mine:3")

    assert found.reference == reference_of(RECIPES["scikit-learn"])


def test_a_rule_may_name_an_image_that_has_to_be_pulled(make: Make) -> None:
    engine = Engine(registry=("quay.io/ours:1",))
    images = make(engine, **{"*/mine:*": "quay.io/ours:1"})

    assert images.plan(f"{ECR}/mine:3") == ImagePlan(
        f"{ECR}/mine:3", "quay.io/ours:1", "as the settings say for '*/mine:*'"
    )
    assert images.resolve(f"{ECR}/mine:3").reference == "quay.io/ours:1"


def test_a_rule_that_leads_nowhere_has_no_plan_and_says_which_it_is(make: Make) -> None:
    images = make(Engine(), **{"*/mine:*": "quay.io/ours:1"})

    assert images.plan(f"{ECR}/mine:3") is None
    with pytest.raises(ImageError, match=r"quay\.io/ours:1, which the settings name for") as refused:
        images.resolve(f"{ECR}/mine:3")
    assert refused.value.where == "images.'*/mine:*'"


def test_a_public_image_is_pulled_and_is_itself(make: Make) -> None:
    engine = Engine(registry=("quay.io/a/b:1",))
    images = make(engine)

    assert images.plan("quay.io/a/b:1") == ImagePlan("quay.io/a/b:1", "quay.io/a/b:1")
    assert engine.pulled == []
    assert images.resolve("quay.io/a/b:1").substituted is None
    assert engine.pulled == ["quay.io/a/b:1"]


def test_a_private_registry_is_not_asked_without_credentials(make: Make) -> None:
    engine = Engine(OURS, registry=(XGBOOST,))
    found = make(engine).resolve(XGBOOST)

    assert engine.pulled == []
    assert found.reference == reference_of(RECIPES["xgboost"])


def test_with_credentials_the_real_image_comes_before_its_stand_in(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolver, "has_credentials", lambda registry: registry == ECR)
    found = make(Engine(OURS, registry=(XGBOOST,))).resolve(XGBOOST)

    assert (found.reference, found.substituted) == (XGBOOST, None)


def test_credentials_of_no_use_leave_the_stand_in(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "has_credentials", lambda registry: True)
    found = make(Engine(OURS)).resolve(XGBOOST)

    assert found.reference == reference_of(RECIPES["xgboost"])
    assert found.substituted is not None


def test_pulling_can_be_switched_off(make: Make) -> None:
    engine = Engine(registry=("quay.io/a/b:1",))
    images = make(engine, pull=False)

    assert images.plan("quay.io/a/b:1") is None
    with pytest.raises(ImageError):
        images.resolve("quay.io/a/b:1")
    assert engine.pulled == []


def test_our_own_names_are_never_pulled(make: Make) -> None:
    engine = Engine(OURS, registry=("seatrial/base", "seatrial/base:1"))
    images = make(engine)

    assert images.resolve("seatrial/base").reference == reference_of(RECIPES["base"])
    with pytest.raises(ImageError):
        images.resolve("seatrial/base:1")
    assert engine.pulled == []


def test_a_registry_that_refused_is_not_asked_again(make: Make) -> None:
    engine = Engine()
    images = make(engine)
    for _ in range(2):
        with pytest.raises(ImageError, match="no such host"):
            images.resolve("quay.io/a/b:1")

    assert engine.pulled == ["quay.io/a/b:1"]


def test_a_registry_that_never_answers_does_not_hold_us_up(make: Make, silent: Engine) -> None:
    images = make(silent)

    assert images.plan("quay.io/a/b:1") is None
    with pytest.raises(ImageError, match="did not answer within"):
        images.resolve("quay.io/a/b:1")


@pytest.mark.parametrize(
    ("uri", "line"),
    [
        (f"{ECR}/team/mine:3", '"*/team/mine:*" = '),
        (f"{ECR}/mine", '"*/mine*" = '),
        ("quay.io/a/b:1", '"quay.io/a/b:*" = '),
        ("mine:3", '"mine:*" = '),
    ],
    ids=["ECR", "ECR without tag", "another registry", "Docker Hub"],
)
def test_the_line_that_an_unknown_image_hints_at_would_serve_it(make: Make, uri: str, line: str) -> None:
    with pytest.raises(ImageError) as refused:
        make(Engine()).resolve(uri)
    hint = refused.value.hint or ""
    assert line in hint

    pattern = line.split('"')[1]
    assert make(Engine(OURS), **{pattern: "base"}).resolve(uri).reference == reference_of(RECIPES["base"])


def test_an_empty_name_is_an_unknown_image(make: Make) -> None:
    images = make(Engine())

    assert images.plan("") is None
    with pytest.raises(ImageError):
        images.resolve("")


def test_the_list_tells_what_is_built(make: Make) -> None:
    rows = {row.name: row for row in make(Engine((reference_of(RECIPES["base"]),))).list()}

    assert set(rows) == set(RECIPES)
    assert (rows["base"].built, rows["base"].size) == (True, 7)
    assert (rows["xgboost"].built, rows["xgboost"].size) == (False, None)
    assert rows["xgboost"].serves == ("sagemaker-xgboost:*",)


def test_removing_takes_every_image_of_ours_and_what_building_left(make: Make) -> None:
    engine = Engine((*OURS, "seatrial/base:0123456789ab", "python:3.11", "team/seatrial:1"))
    gone = make(engine).remove()

    assert set(gone) == {*OURS, "seatrial/base:0123456789ab"}
    assert set(engine.there) == {"python:3.11", "team/seatrial:1"}
    assert engine.pruned == [{"dangling": True, "label": "seatrial=build", "until": "2h"}]


def test_removing_what_is_stale_keeps_what_is_current(make: Make) -> None:
    engine = Engine((*OURS, "seatrial/base:0123456789ab"))
    minio = reference_of(RECIPES["minio"])
    engine.there["seatrial/minio:latest"] = engine.there[minio]

    assert make(engine).remove(stale_only=True) == ("seatrial/base:0123456789ab",)
    assert {*OURS, "seatrial/minio:latest"} == set(engine.there)


def test_an_image_that_a_container_uses_stays(make: Make) -> None:
    engine = Engine(OURS)
    engine.in_use = {reference_of(RECIPES["minio"])}

    assert reference_of(RECIPES["minio"]) not in make(engine).remove()
    assert set(engine.there) == engine.in_use
