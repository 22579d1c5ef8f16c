"""Which image of ours serves which of SageMaker's, and that the difference is said."""

from __future__ import annotations

import pytest

from seatrial.images.recipes import RECIPES, locked_versions
from seatrial.images.standins import (
    PLAIN_PYTHON_IMAGES,
    SCIKIT_LEARN_IMAGES,
    SERVED,
    XGBOOST_IMAGES,
    stand_in,
)
from seatrial.images.uri import ImageUri

ECR = "683313688378.dkr.ecr.us-east-1.amazonaws.com"


def serving(name: str) -> str | None:
    found = stand_in(ImageUri.parse(f"{ECR}/{name}"))
    return found.recipe.name if found else None


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("sagemaker-scikit-learn:0.20.0-cpu-py3", "scikit-learn-1.2"),
        ("sagemaker-scikit-learn:0.23-1-cpu-py3", "scikit-learn-1.2"),
        ("sagemaker-scikit-learn:1.0-1-cpu-py3", "scikit-learn-1.2"),
        ("sagemaker-scikit-learn:1.2-1-cpu-py3", "scikit-learn-1.2"),
        ("sagemaker-scikit-learn:1.4-2-cpu-py3", "scikit-learn"),
        ("sagemaker-scikit-learn:1.4-2-py312", "scikit-learn"),
        ("sagemaker-scikit-learn:1.9-0", "scikit-learn"),
        ("sagemaker-scikit-learn:2.0-1", "scikit-learn"),
        ("sagemaker-scikit-learn:latest", "scikit-learn"),
        ("sagemaker-scikit-learn", "scikit-learn"),
        ("sagemaker-xgboost:0.90-2-cpu-py3", "xgboost"),
        ("sagemaker-xgboost:1.0-1-cpu-py3", "xgboost"),
        ("sagemaker-xgboost:1.5-1-arm64", "xgboost"),
        ("sagemaker-xgboost:1.7-1", "xgboost"),
        ("sagemaker-xgboost:3.0-5", "xgboost"),
        ("sagemaker-base-python-310:1.0", "base-python"),
        ("sagemaker-base-python-38:1.0", "base-python"),
        ("sagemaker-base-python-310-v1:1", "base-python"),
        ("sagemaker-distribution-prod:3.2.0-cpu", "base-python"),
        ("sagemaker-distribution:latest-cpu", "base-python"),
        ("sagemaker-data-science-310:1.0", "base-python"),
        ("sagemaker-model-monitor-analyzer", "monitor"),
        ("sagemaker-clarify-processing:1.0", "clarify"),
        ("xgboost:1", None),
        ("pytorch-training:2.1.0-cpu-py310", None),
        ("team/sagemaker-xgboost-extended:1", None),
    ],
)
def test_the_nearest_line_serves(name: str, recipe: str | None) -> None:
    assert serving(name) == recipe


@pytest.mark.parametrize(
    "registry",
    [
        "141502667606.dkr.ecr.eu-west-1.amazonaws.com",
        "450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn",
        "public.ecr.aws/aws",
    ],
)
def test_account_and_region_do_not_matter(registry: str) -> None:
    found = stand_in(ImageUri.parse(f"{registry}/sagemaker-xgboost:1.7-1"))

    assert found is not None
    assert found.recipe.name == "xgboost"


@pytest.mark.parametrize("name", ["sagemaker-xgboost:1.7-1", "quay.io/me/sagemaker-xgboost:1.7-1"])
def test_only_awss_own_images_are_stood_in_for(name: str) -> None:
    assert stand_in(ImageUri.parse(name)) is None


def test_our_own_name_is_that_very_image() -> None:
    found = stand_in(ImageUri.parse("seatrial/xgboost"))

    assert found is not None
    assert (found.recipe.name, found.substituted) == ("xgboost", None)


def test_a_tag_of_ours_that_is_not_here_is_not_made_up() -> None:
    assert stand_in(ImageUri.parse("seatrial/xgboost:0123456789ab")) is None


@pytest.mark.parametrize("name", ["python", "toolkit", "minio"])
def test_images_that_no_job_runs_in_cannot_be_named(name: str) -> None:
    assert stand_in(ImageUri.parse(f"seatrial/{name}")) is None


@pytest.mark.parametrize(
    ("name", "difference"),
    [
        (
            "sagemaker-xgboost:1.5-1",
            "XGBoost 1.7.6, Python 3.11 instead of XGBoost 1.5.2, Python 3.8",
        ),
        (
            "sagemaker-xgboost:0.90-2-cpu-py3",
            "XGBoost 1.7.6, Python 3.11 instead of XGBoost 0.90, Python 3.6",
        ),
        (
            "sagemaker-scikit-learn:1.4-2-py312-cpu-py3",
            "scikit-learn 1.4.2, Python 3.11 instead of scikit-learn 1.4.2, Python 3.12",
        ),
        (
            "sagemaker-base-python-310:1.0",
            "SageMaker SDK 2.257.7, Python 3.11 instead of Python 3.10",
        ),
        (
            "sagemaker-xgboost:9.9-1",
            "XGBoost 1.7.6, Python 3.11",
        ),
    ],
    ids=["known tag", "tag with -cpu-py3", "tag with its Python", "version in the name", "unknown tag"],
)
def test_what_runs_is_said_with_what_was_asked_for(name: str, difference: str) -> None:
    found = stand_in(ImageUri.parse(f"{ECR}/{name}"))

    assert found is not None
    assert found.substituted == difference


@pytest.mark.parametrize(
    "uri",
    [
        *(f"sagemaker-scikit-learn:{tag}" for tag in SCIKIT_LEARN_IMAGES),
        *(f"sagemaker-xgboost:{tag}" for tag in XGBOOST_IMAGES),
        *(f"{name}:1.0" for name in PLAIN_PYTHON_IMAGES),
    ],
)
def test_every_image_whose_content_is_known_is_served(uri: str) -> None:
    assert serving(uri) in SERVED


def test_every_image_that_serves_is_a_recipe() -> None:
    assert set(SERVED) <= set(RECIPES)


@pytest.mark.parametrize("name", ["scikit-learn", "scikit-learn-1.2", "xgboost"])
def test_the_named_framework_is_in_the_lock(name: str) -> None:
    recipe = RECIPES[name]

    assert recipe.framework in locked_versions(recipe)
