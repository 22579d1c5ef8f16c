"""What every image resolver must do, the one in memory and the one that asks Docker Engine alike."""

from __future__ import annotations

from dataclasses import dataclass

import docker
import pytest

from seatrial.errors import ImageError
from seatrial.images import Images
from seatrial.ports.images import ImagePlan, ImageResolver
from seatrial.settings import BuildSettings, Settings
from tests.adapters.memory_images import MemoryImages, local_image

REGISTRY = "246618743249.dkr.ecr.us-west-2.amazonaws.com"
SERVED = f"{REGISTRY}/sagemaker-base-python-310:1.0"
RULED = f"{REGISTRY}/our-own:7"
UNKNOWN = f"{REGISTRY}/nobody-knows-it:1"


@dataclass(frozen=True)
class Subject:
    """A resolver that has `here` itself, serves `SERVED` and `RULED` by something else, and no more."""

    resolver: ImageResolver
    here: str


@pytest.fixture(params=["memory", "docker"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "memory":
        known = (
            local_image("seatrial/base:1"),
            local_image(SERVED, "seatrial/base:1", "a later Python"),
            local_image(RULED, "seatrial/base:1", "as the settings say"),
        )
        return Subject(MemoryImages({image.requested: image for image in known}), "seatrial/base:1")
    client: docker.DockerClient = request.getfixturevalue("docker_client")
    images: Images = request.getfixturevalue("images")
    settings = Settings(images={"*/our-own:*": "base-python"}, build=BuildSettings(pull=False))
    return Subject(Images(client, settings, print), images.ensure("base-python"))


def test_an_image_that_is_here_is_itself(subject: Subject) -> None:
    found = subject.resolver.resolve(subject.here)

    assert (found.requested, found.reference, found.substituted) == (subject.here, subject.here, None)
    assert found.image_id.startswith("sha256:")


@pytest.mark.parametrize("uri", [SERVED, RULED], ids=["by a stand-in", "by a rule"])
def test_what_runs_in_another_images_place_is_said(subject: Subject, uri: str) -> None:
    found = subject.resolver.resolve(uri)

    assert found.requested == uri
    assert found.reference == subject.here
    assert found.substituted


@pytest.mark.parametrize("uri", [SERVED, RULED], ids=["by a stand-in", "by a rule"])
def test_the_plan_says_what_the_result_will_say(subject: Subject, uri: str) -> None:
    found = subject.resolver.resolve(uri)

    assert subject.resolver.plan(uri) == ImagePlan(uri, found.reference, found.substituted)


def test_the_plan_names_an_image_that_is_here(subject: Subject) -> None:
    assert subject.resolver.plan(subject.here) == ImagePlan(subject.here, subject.here)


def test_two_names_of_one_image_have_one_id(subject: Subject) -> None:
    assert subject.resolver.resolve(SERVED).image_id == subject.resolver.resolve(subject.here).image_id


def test_an_unknown_image_has_no_plan_and_is_refused_with_the_line_to_write(subject: Subject) -> None:
    assert subject.resolver.plan(UNKNOWN) is None

    with pytest.raises(ImageError) as refused:
        subject.resolver.resolve(UNKNOWN)

    assert refused.value.slug == "image-unknown"
    assert UNKNOWN in refused.value.message
    assert "nobody-knows-it" in (refused.value.hint or "")
    assert "[images]" in (refused.value.hint or "")
