"""An image URI is read by Docker's own rule, whatever the account and region."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.images.uri import ImageUri

ACCOUNT = "683313688378"

part = st.from_regex(r"[a-z0-9]+([_-][a-z0-9]+)*", fullmatch=True)
tag = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}", fullmatch=True)
region = st.from_regex(r"[a-z]{2}-[a-z]+-[1-9]", fullmatch=True)
account = st.from_regex(r"[0-9]{12}", fullmatch=True)


@given(account, region, st.sampled_from(["", ".cn"]), st.lists(part, min_size=1, max_size=3), st.none() | tag)
def test_a_private_ecr_uri_of_any_account_and_region(
    account: str, region: str, suffix: str, path: list[str], tag: str | None
) -> None:
    registry = f"{account}.dkr.ecr.{region}.amazonaws.com{suffix}"
    repository = "/".join(path)
    uri = ImageUri.parse(f"{registry}/{repository}" + (f":{tag}" if tag else ""))

    assert (uri.registry, uri.repository, uri.tag) == (registry, repository, tag)
    assert uri.is_ecr
    assert uri.name == path[-1]


@given(part, part, st.integers(1, 65535), tag)
def test_a_port_is_not_a_tag(host: str, repository: str, port: int, tag: str) -> None:
    uri = ImageUri.parse(f"{host}:{port}/{repository}:{tag}")

    assert (uri.registry, uri.repository, uri.tag) == (f"{host}:{port}", repository, tag)


@given(st.text(max_size=60))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert ImageUri.parse(text).text == text


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        pytest.param("python", "docker.io", "python", None, None, id="a name alone"),
        pytest.param("me/mine:1", "docker.io", "me/mine", "1", None, id="a user's repository on Docker Hub"),
        pytest.param("localhost/mine", "localhost", "mine", None, None, id="localhost is a registry"),
        pytest.param(
            "quay.io/a/b:c@sha256:00", "quay.io", "a/b", "c", "sha256:00", id="a digest besides the tag"
        ),
        pytest.param(
            "public.ecr.aws/sagemaker/sagemaker-distribution:3-cpu",
            "public.ecr.aws",
            "sagemaker/sagemaker-distribution",
            "3-cpu",
            None,
            id="the public gallery",
        ),
    ],
)
def test_parts(text: str, registry: str, repository: str, tag: str | None, digest: str | None) -> None:
    uri = ImageUri.parse(text)

    assert (uri.registry, uri.repository, uri.tag, uri.digest) == (registry, repository, tag, digest)


@pytest.mark.parametrize(
    ("registry", "is_ecr", "is_aws"),
    [
        (f"{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com", True, True),
        (f"{ACCOUNT}.dkr.ecr-fips.us-gov-west-1.amazonaws.com", True, True),
        (f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn", True, True),
        ("public.ecr.aws", False, True),
        ("quay.io", False, False),
        (f"{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com.example.org", False, False),
        (f"1{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com", False, False),
    ],
)
def test_which_registries_are_awss(registry: str, is_ecr: bool, is_aws: bool) -> None:
    uri = ImageUri.parse(f"{registry}/x:1")

    assert (uri.is_ecr, uri.is_aws) == (is_ecr, is_aws)
