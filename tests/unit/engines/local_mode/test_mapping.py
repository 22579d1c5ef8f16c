"""What becomes of a Create* request on its way to the SDK's local client."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

from seatrial.engines.local_mode.mapping import container_config, environment, members
from tests.unit.engines.native.requests import (
    ADDRESS,
    job_request,
    processing_parameters,
    training_parameters,
)


def test_the_image_is_replaced_and_the_request_left_as_it_is(tmp_path: Path) -> None:
    asked = processing_parameters()
    before = copy.deepcopy(asked)
    mapped = members(job_request(tmp_path, "Processing", asked), "local:1", {})
    assert mapped["AppSpecification"]["ImageUri"] == "local:1"
    assert asked == before


def test_a_training_image_is_replaced(tmp_path: Path) -> None:
    mapped = members(job_request(tmp_path, "Training", training_parameters()), "local:1", {})
    assert mapped["AlgorithmSpecification"]["TrainingImage"] == "local:1"
    assert mapped["TrainingJobName"] == "job-1"


def test_a_dollar_reaches_the_container_through_the_compose_file(tmp_path: Path) -> None:
    application = {
        "ImageUri": "image:1",
        "ContainerEntrypoint": ["sh", "-c", "echo $HOME"],
        "ContainerArguments": ["${x}"],
    }
    asked = processing_parameters(AppSpecification=application, Environment={"PRICE": "5$"})
    mapped = members(job_request(tmp_path, "Processing", asked), "local:1", {})
    assert mapped["AppSpecification"]["ContainerEntrypoint"] == ["sh", "-c", "echo $$HOME"]
    assert mapped["AppSpecification"]["ContainerArguments"] == ["$${x}"]
    assert mapped["Environment"] == {"PRICE": "5$$"}


def test_the_requests_own_environment_wins(tmp_path: Path) -> None:
    asked = processing_parameters(Environment={"AWS_REGION": "eu-west-1"})
    mapped = members(
        job_request(tmp_path, "Processing", asked), "local:1", {"AWS_REGION": "us-east-1", "MORE": "1"}
    )
    assert mapped["Environment"] == {"AWS_REGION": "eu-west-1", "MORE": "1"}


def test_containers_are_told_where_the_store_is() -> None:
    told = environment(ADDRESS, set_default_region=False)
    assert told["AWS_ENDPOINT_URL_S3"] == told["S3_ENDPOINT_URL"] == "http://store:9000"
    assert "AWS_DEFAULT_REGION" not in told
    assert environment(ADDRESS, set_default_region=True)["AWS_DEFAULT_REGION"] == "us-east-1"


def test_containers_are_found_again_by_the_labels_of_every_other_job(tmp_path: Path) -> None:
    labels = container_config(job_request(tmp_path, "Processing", {}), ADDRESS)["labels"]
    assert labels["seatrial.execution"] == "exec00000001"
    assert labels["seatrial.job"] == "job-1"
    assert "seatrial.runner" in labels


def test_extra_hosts_of_the_store_are_passed_on(tmp_path: Path) -> None:
    request = job_request(tmp_path, "Processing", {})
    assert container_config(request, ADDRESS)["extra_hosts"] == ["store:10.0.0.2"]
    assert "extra_hosts" not in container_config(request, replace(ADDRESS, hosts={}))


def test_a_number_of_instances_that_is_left_out_is_one(tmp_path: Path) -> None:
    processing, training = processing_parameters(), training_parameters()
    del processing["ProcessingResources"]["ClusterConfig"]["InstanceCount"]
    del training["ResourceConfig"]["InstanceCount"]
    mapped = members(job_request(tmp_path, "Processing", processing), "local:1", {})
    assert mapped["ProcessingResources"]["ClusterConfig"]["InstanceCount"] == 1
    mapped = members(job_request(tmp_path, "Training", training), "local:1", {})
    assert mapped["ResourceConfig"]["InstanceCount"] == 1
