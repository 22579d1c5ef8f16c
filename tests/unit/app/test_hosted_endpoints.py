"""What is said of endpoints before a run: what cannot be hosted, has no effect, or would be missing."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.app.hosted_endpoints import ignored_of_endpoints, unhosted_endpoints, unselected_endpoints
from seatrial.app.parts import Parts
from seatrial.app.served_models import images_served, unserved_models
from seatrial.definition import PipelineDefinition, build_graph, parse
from seatrial.settings import Settings
from tests.functional.execution.documents import IMAGE, get, model, pipeline, processing, register
from tests.functional.execution.test_endpoint_steps import config, endpoint
from tests.functional.execution.test_transform_steps import packaged


@pytest.fixture
def parts(settings: Settings) -> Parts:
    return Parts(settings, print)


def deployed(
    *models: Any, configured: Any = None, referred: Any = None, **members: Any
) -> PipelineDefinition:
    """A model, a configuration of it, an endpoint, and a step that comes after."""
    created = model("Create", "s3://bucket/model.tar.gz")
    created["Arguments"].update(members)
    configuration = config("Config", *(models or [get("Steps.Create.ModelName")]))
    configuration["Arguments"].update(configured or {})
    deploy = endpoint("Deploy", referred or get("Steps.Config.EndpointConfigName"))
    after = processing("Smoke", depends_on=["Deploy"])
    return parse(pipeline(created, configuration, deploy, after))


def said(parts: Parts, definition: PipelineDefinition) -> list[tuple[str, str, str]]:
    steps = list(definition.all_steps())
    found = [
        *unserved_models(parts, definition, steps, {}),
        *unhosted_endpoints(parts, definition, steps, {}),
    ]
    return [(each.code, each.where, each.message) for each in found]


def test_an_endpoint_of_the_pipeline_s_own_models_is_well(parts: Parts) -> None:
    definition = deployed()
    assert said(parts, definition) == []
    deploy = definition.steps_by_name["Deploy"]
    assert images_served(deploy, definition) == (IMAGE, "seatrial/base")


def test_a_configuration_may_be_named_by_the_name_that_its_step_gives_it(parts: Parts) -> None:
    assert said(parts, deployed(referred="config-1")) == []


def test_a_model_that_cannot_be_hosted_is_refused_where_it_stands(parts: Parts) -> None:
    assert said(parts, deployed(EnableNetworkIsolation=True)) == [
        (
            "ST201",
            "/Steps/0/Arguments/EnableNetworkIsolation",
            "not supported here: network isolation; nobody who asks the endpoint would reach its containers",
        )
    ]


def test_a_configuration_that_cannot_be_hosted_is_refused_where_it_stands(parts: Parts) -> None:
    asynchronous = {"OutputConfig": {"S3OutputPath": "s3://bucket/out"}}
    assert said(parts, deployed(configured={"AsyncInferenceConfig": asynchronous})) == [
        ("ST201", "/Steps/1/Arguments/AsyncInferenceConfig", "not supported here: asynchronous inference")
    ]


def test_names_that_nobody_made_are_refused(parts: Parts) -> None:
    assert [each[:2] for each in said(parts, deployed("churn-model"))] == [
        ("ST203", "/Steps/1/Arguments/ProductionVariants/0/ModelName")
    ]
    assert [each[:2] for each in said(parts, deployed(referred="nobody-s"))] == [
        ("ST203", "/Steps/2/Arguments/EndpointConfigName")
    ]


def test_what_changes_nothing_is_said_where_it_stands() -> None:
    definition = deployed(configured={"DataCaptureConfig": {"InitialSamplingPercentage": 1}})
    assert ignored_of_endpoints(definition, definition.all_steps()) == {
        "/Steps/1/Arguments/DataCaptureConfig": "nothing is captured"
    }


def test_a_step_that_asks_an_endpoint_is_not_selected_without_it() -> None:
    definition = deployed()
    graph, steps = build_graph(definition), definition.steps_by_name

    (found,) = unselected_endpoints(definition, graph, [steps["Smoke"]])
    assert (found.code, found.step) == ("ST206", "Deploy")
    assert "--only Deploy --only Smoke" in str(found.hint)
    assert not list(unselected_endpoints(definition, graph, [steps["Deploy"], steps["Smoke"]]))
    assert not list(unselected_endpoints(definition, graph, [steps["Config"]]))


def test_two_variants_of_one_name_are_refused(parts: Parts) -> None:
    definition = deployed(get("Steps.Create.ModelName"), get("Steps.Create.ModelName"))
    for variant in definition.steps_by_name["Config"].arguments["ProductionVariants"]:
        variant["VariantName"] = "Same"
    assert said(parts, definition) == [
        ("ST201", "/Steps/1/Arguments/ProductionVariants", "not supported here: two variants named Same")
    ]


def test_a_package_that_says_nothing_of_containers_is_refused_where_it_is_served(parts: Parts) -> None:
    package = register("Register", "s3://bucket/model.tar.gz")
    del package["Arguments"]["InferenceSpecification"]
    steps = [package, packaged("Create", "Register"), config("Config", get("Steps.Create.ModelName"))]
    definition = parse(pipeline(*steps, endpoint("Deploy", get("Steps.Config.EndpointConfigName"))))
    assert said(parts, definition) == [
        (
            "ST201",
            "/Steps/0/Arguments/InferenceSpecification",
            "not supported here: a package without containers; there is nothing to serve",
        )
    ]
