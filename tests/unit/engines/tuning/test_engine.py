"""A tuning job from its request to its result, above training jobs in memory."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from seatrial.engines.tuning import TuningEngine
from seatrial.errors import ContainerError
from seatrial.ports.jobs import JobListener, JobRequest, JobResult
from tests.adapters.clock import StillClock
from tests.adapters.memory_engine import MemoryEngine, completed, failed
from tests.unit.engines.tuning.bench import (
    ARN,
    XGBOOST,
    Bench,
    categorical,
    config,
    continuous,
    definition,
    rate,
    read,
    scored,
    tuning_parameters,
    tuning_request,
    values_of,
)


def test_the_best_training_job_comes_first(tmp_path: Path) -> None:
    describe = Bench(tmp_path).tune(config(jobs=5)).describe
    summaries = describe["TrainingJobSummaries"]
    values = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in summaries]
    assert describe["HyperParameterTuningJobStatus"] == "Completed"
    assert values == sorted(values, reverse=True)
    assert describe["BestTrainingJob"]["TrainingJobName"] == summaries[0]["TrainingJobName"]
    assert describe["TrainingJobStatusCounters"]["Completed"] == len(summaries) == 5
    assert describe["ObjectiveStatusCounters"] == {"Succeeded": 5, "Pending": 0, "Failed": 0}


def test_the_lowest_value_is_the_best_where_it_is_to_be_minimized(tmp_path: Path) -> None:
    objective = {"Type": "Minimize", "MetricName": "score"}
    describe = Bench(tmp_path).tune(config(jobs=4, HyperParameterTuningJobObjective=objective)).describe
    values = [
        each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
        for each in describe["TrainingJobSummaries"]
    ]
    assert values == sorted(values)


def test_a_training_job_is_asked_for_as_the_service_asks(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.tune(config(jobs=1), training=definition(EnableNetworkIsolation=True, Environment={"A": "b"}))
    (request,) = bench.training.requests
    parameters = dict(request.parameters)
    assert request.kind == "Training"
    assert request.name.startswith("tuning-001-")
    assert request.arn == f"arn:aws:sagemaker:us-east-1:123456789012:training-job/{request.name}"
    assert request.folder == bench.folder / "training-jobs" / request.name
    assert parameters.pop("HyperParameters").keys() == {"rounds", "rate", "_tuning_objective_metric"}
    assert values_of(request)["_tuning_objective_metric"] == "score"
    assert _unknown_members("CreateTrainingJob", request.parameters) == set()
    assert parameters["ResourceConfig"] == {"InstanceType": "ml.m5.large", "InstanceCount": 1}
    assert parameters["EnableNetworkIsolation"] is True
    assert parameters["Environment"] == {"A": "b"}
    assert parameters["TrainingJobName"] == request.name


def test_the_resources_may_stand_in_either_of_two_members(tmp_path: Path) -> None:
    training = definition(ResourceConfig={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1})
    del training["HyperParameterTuningResourceConfig"]
    bench = Bench(tmp_path)
    bench.tune(training=training)
    assert bench.training.requests[0].parameters["ResourceConfig"]["InstanceType"] == "ml.m5.xlarge"


def test_of_several_instance_types_the_first_is_taken(tmp_path: Path) -> None:
    types = [
        {"InstanceType": f"ml.m5.{size}", "InstanceCount": 1, "VolumeSizeInGB": 5}
        for size in ("large", "xlarge")
    ]
    resources = {"InstanceConfigs": types, "AllocationStrategy": "Prioritized"}
    bench = Bench(tmp_path)
    bench.tune(training=definition(HyperParameterTuningResourceConfig=resources))
    assert bench.training.requests[0].parameters["ResourceConfig"] == types[0]


def test_each_training_job_has_checkpoints_of_its_own(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.tune(training=definition(CheckpointConfig={"S3Uri": "s3://bucket/checkpoints/"}))
    places = {each.parameters["CheckpointConfig"]["S3Uri"] for each in bench.training.requests}
    assert places == {f"s3://bucket/checkpoints/{each.name}" for each in bench.training.requests}


def test_a_grid_tries_every_combination(tmp_path: Path) -> None:
    ranges = {
        "CategoricalParameterRanges": [categorical("a", "1", "2"), categorical("b", '"x"', '"y"', '"z"')]
    }
    bench = Bench(tmp_path, lambda request: scored(request, float(values_of(request)["a"])))
    bench.tune(config("Grid", jobs=None, parallel=3, ParameterRanges=ranges))
    tried = {(each["a"], each["b"]) for each in bench.tried}
    assert tried == {(a, b) for a in "12" for b in ('"x"', '"y"', '"z"')}
    assert len(bench.tried) == 6


@pytest.mark.parametrize(
    ("search", "refusal"),
    [
        (config("Grid", jobs=None), "Grid search takes categorical ranges only; rate is none"),
        (
            config("Grid", jobs=3, ParameterRanges={"CategoricalParameterRanges": [categorical("a", "1")]}),
            "MaxNumberOfTrainingJobs is 3, the grid has 1 combinations",
        ),
        (config(jobs=None), "MaxNumberOfTrainingJobs is required"),
        (config("Hyperband"), "Hyperband needs HyperbandStrategyConfig"),
        (
            config(ParameterRanges={"ContinuousParameterRanges": [continuous("rounds")]}),
            "rounds is both a static hyperparameter and one that is tuned",
        ),
        (
            config(
                "Hyperband",
                StrategyConfig={"HyperbandStrategyConfig": {"MinResource": 5, "MaxResource": 3}},
            ),
            "MinResource 5 is greater than MaxResource 3",
        ),
        (
            config(
                ParameterRanges={
                    "ContinuousParameterRanges": [continuous("rate")],
                    "CategoricalParameterRanges": [categorical("rate", "1", "2")],
                }
            ),
            "rate has two ranges",
        ),
        (
            config(HyperParameterTuningJobObjective={"Type": "Maximize", "MetricName": "loss"}),
            "A metric is required for this hyperparameter tuning job objective",
        ),
        (
            config(ParameterRanges={"ContinuousParameterRanges": [continuous("rate", "1", "0")]}),
            "MinValue 1 is",
        ),
    ],
)
def test_what_the_create_call_would_refuse_starts_nothing(
    tmp_path: Path, search: dict[str, Any], refusal: str
) -> None:
    bench = Bench(tmp_path)
    result = bench.tune(search)
    assert result.refusal is not None
    assert result.refusal.startswith("ValidationException: ")
    assert refusal in result.refusal
    assert result.describe["HyperParameterTuningJobStatus"] == "Failed"
    assert bench.training.requests == []


def test_one_failed_training_job_does_not_fail_the_tuning_job(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda each: failed(each) if "-002-" in each.name else scored(each, rate(each)))
    describe = bench.tune(config(jobs=3)).describe
    last = describe["TrainingJobSummaries"][-1]
    assert describe["HyperParameterTuningJobStatus"] == "Completed"
    assert describe["TrainingJobStatusCounters"]["NonRetryableError"] == 1
    assert (last["TrainingJobStatus"], last["ObjectiveStatus"]) == ("Failed", "Failed")
    assert last["FailureReason"] == "AlgorithmError: , exit code: 1"


def test_a_tuning_job_whose_training_jobs_all_failed_fails(tmp_path: Path) -> None:
    describe = Bench(tmp_path, failed).tune(config(jobs=2)).describe
    assert describe["HyperParameterTuningJobStatus"] == "Failed"
    assert describe["FailureReason"] == (
        "All training jobs failed. Please take a look at the training jobs failures to get more details. "
        "(001: AlgorithmError: , exit code: 1)"
    )
    assert "BestTrainingJob" not in describe


def test_five_failures_are_enough(tmp_path: Path) -> None:
    bench = Bench(tmp_path, failed)
    describe = bench.tune(config(jobs=20)).describe
    assert len(bench.training.requests) == 5
    assert describe["FailureReason"].startswith("No training job succeeded after 5 attempts.")


def test_what_still_runs_after_five_failures_may_yet_succeed(tmp_path: Path) -> None:
    ended = threading.Semaphore(0)

    def answer(request: JobRequest) -> JobResult:
        number = int(request.name.split("-")[-2])
        if number == 1:
            for _ in range(5):
                assert ended.acquire(timeout=5)
            time.sleep(0.4)  # longer than it takes to look again
            return scored(request, rate(request))
        ended.release()
        return failed(request) if number < 7 else scored(request, rate(request))

    bench = Bench(tmp_path, answer, slots=6)
    describe = bench.tune(config(jobs=8, parallel=6)).describe
    assert describe["HyperParameterTuningJobStatus"] == "Completed"
    assert describe["TrainingJobStatusCounters"] == {
        "Completed": 3,
        "InProgress": 0,
        "NonRetryableError": 5,
        "RetryableError": 0,
        "Stopped": 0,
    }


def test_training_jobs_that_print_no_objective_are_told_of(tmp_path: Path) -> None:
    describe = Bench(tmp_path, completed).tune(config(jobs=2)).describe
    assert describe["FailureReason"].startswith("No objective metrics found after running 2 training jobs.")
    assert describe["ObjectiveStatusCounters"]["Failed"] == 2
    assert describe["TrainingJobStatusCounters"]["Completed"] == 2


def test_no_more_run_at_a_time_than_asked_for_and_than_there_is_room_for(tmp_path: Path) -> None:
    running, most, lock = set[str](), [0], threading.Lock()

    def answer(request: JobRequest) -> JobResult:
        with lock:
            running.add(request.name)
            most[0] = max(most[0], len(running))
        time.sleep(0.02)
        with lock:
            running.discard(request.name)
        return scored(request, rate(request))

    for parallel, slots, expected in ((1, 4, 1), (9, 2, 2), (3, 9, 3)):
        most[0] = 0
        Bench(tmp_path / str(parallel), answer, slots=slots).tune(config(jobs=9, parallel=parallel))
        assert most[0] == expected


def test_it_ends_once_the_target_is_reached(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    criteria = {"TargetObjectiveMetricValue": 0.2}
    bench.tune(config(jobs=50, RandomSeed=4, TuningJobCompletionCriteria=criteria))
    rates = [float(each["rate"]) for each in bench.tried]
    assert rates[-1] >= 0.2
    assert all(each < 0.2 for each in rates[:-1])


def test_it_ends_when_nothing_gets_better(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda each: scored(each, 1.0 if "-001-" in each.name else 0.5))
    stale = {"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3}}
    describe = bench.tune(config(jobs=50, TuningJobCompletionCriteria=stale)).describe
    assert len(bench.training.requests) == 4
    assert describe["TuningJobCompletionDetails"] == {"NumberOfTrainingJobsObjectiveNotImproving": 3}


def test_it_ends_when_its_time_is_over(tmp_path: Path) -> None:
    limits = {"MaxParallelTrainingJobs": 1, "MaxRuntimeInSeconds": 120}
    bench = Bench(tmp_path, clock=StillClock(tick=10))
    describe = bench.tune(config(ResourceLimits=limits)).describe
    assert describe["HyperParameterTuningJobStatus"] == "Completed"
    assert 1 <= len(bench.training.requests) < 12
    assert describe["ConsumedResources"]["RuntimeInSeconds"] > 120


def test_several_definitions_take_turns(tmp_path: Path) -> None:
    def one(name: str, low: str, high: str) -> dict[str, Any]:
        return definition(
            DefinitionName=name,
            TuningObjective={"Type": "Maximize", "MetricName": "score"},
            HyperParameterRanges={"ContinuousParameterRanges": [continuous("rate", low, high)]},
        )

    search = config(jobs=4)
    del search["ParameterRanges"], search["HyperParameterTuningJobObjective"]
    bench = Bench(tmp_path, lambda each: _with_channel(scored(each, rate(each))))
    parameters = tuning_parameters(
        search, TrainingJobDefinitions=[one("low", "0", "1"), one("high", "2", "3")]
    )
    del parameters["TrainingJobDefinition"]
    result = bench.engine.run(tuning_request(bench.folder, parameters), bench.progress)
    names = [each["TrainingJobDefinitionName"] for each in result.describe["TrainingJobSummaries"]]
    assert names == ["high", "high", "low", "low"]
    assert {each.name for each in result.inputs} == {"low.train", "high.train"}
    assert {each.property_path for each in result.outputs} == {
        f"TrainingJobSummaries[{place}].TrainingJobName" for place in range(4)
    }


def _with_channel(result: JobResult) -> JobResult:
    return JobResult(result.describe, (read(),), result.outputs)


def test_the_models_are_outputs_the_best_one_first(tmp_path: Path) -> None:
    result = Bench(tmp_path).tune(config(jobs=3))
    names = [each["TrainingJobName"] for each in result.describe["TrainingJobSummaries"]]
    assert [(each.name, each.property_path, each.s3_uri) for each in result.outputs] == [
        (
            "model" if place == 0 else f"model-{place}",
            f"TrainingJobSummaries[{place}].TrainingJobName",
            f"s3://bucket/models/{name}/output/model.tar.gz",
        )
        for place, name in enumerate(names)
    ]


def test_a_channel_is_one_input_however_many_jobs_read_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda each: _with_channel(scored(each, rate(each))))
    assert [each.name for each in bench.tune().inputs] == ["train"]


def test_the_log_tells_what_was_tried_and_what_came_of_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda each: failed(each) if "-002-" in each.name else scored(each, rate(each)))
    result = bench.tune(config(jobs=2))
    first = bench.tried[0]["rate"]
    assert (bench.folder / "log.txt").read_text().splitlines() == list(result.log_tail)
    assert list(result.log_tail) == [
        "Random search to maximize score: at most 2 training jobs, 1 at a time",
        f"001 started: rate={first}",
        f"001 Completed after 0 s: score={float(first):g}, the best so far",
        f"002 started: rate={bench.tried[1]['rate']}",
        "002 Failed after 0 s: AlgorithmError: , exit code: 1",
    ]


def test_xgboost_needs_no_metric_definitions(tmp_path: Path) -> None:
    algorithm = {"TrainingImage": XGBOOST, "TrainingInputMode": "File"}
    objective = {"Type": "Maximize", "MetricName": "validation:auc"}
    bench = Bench(tmp_path, lambda each: scored(each, rate(each), "validation:auc"))
    result = bench.tune(
        config(HyperParameterTuningJobObjective=objective),
        training=definition(AlgorithmSpecification=algorithm),
    )
    assert result.describe["HyperParameterTuningJobStatus"] == "Completed"


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_two_tuning_jobs_without_a_seed_try_the_same(tmp_path: Path, strategy: str) -> None:
    benches = [Bench(tmp_path / name) for name in ("one", "other")]
    for bench in benches:
        bench.tune(config(strategy, jobs=4))
    assert benches[0].tried == benches[1].tried


def test_more_than_fifty_training_jobs_are_not_listed(tmp_path: Path) -> None:
    result = Bench(tmp_path).tune(config(jobs=53, parallel=4))
    assert len(result.describe["TrainingJobSummaries"]) == 50
    assert result.describe["TrainingJobStatusCounters"]["Completed"] == 53
    assert len({each.name for each in result.outputs}) == 53


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_the_describe_response_has_the_members_of_both_responses(tmp_path: Path, strategy: str) -> None:
    tags = [{"Key": "a", "Value": "b"}]
    describe = dict(Bench(tmp_path).tune(config(strategy), Tags=tags).describe)
    assert describe["HyperParameterTuningJobArn"] == ARN
    assert "Tags" not in describe
    summaries = {"TrainingJobSummaries": describe.pop("TrainingJobSummaries")}
    assert _unknown("DescribeHyperParameterTuningJob", describe) == set()
    assert _unknown("ListTrainingJobsForHyperParameterTuningJob", summaries) == set()


def test_a_stop_stops_the_training_jobs_and_starts_no_other(tmp_path: Path) -> None:
    training = MemoryEngine(hold=("Tune",))
    engine = TuningEngine(training, 2, StillClock())
    request = tuning_request(tmp_path / "attempt", tuning_parameters(config(jobs=9)))
    results: list[JobResult] = []
    thread = threading.Thread(target=lambda: results.append(engine.run(request, lambda news: None)))
    thread.start()
    assert training.started["Tune"].wait(5)
    engine.stop("tuning")
    thread.join(10)
    describe = results[0].describe
    assert describe["HyperParameterTuningJobStatus"] == "Stopped"
    assert describe["TrainingJobStatusCounters"]["Stopped"] == len(training.requests) == 1
    assert {each.name for each in training.requests} == set(training.stopped)


def test_what_an_engine_raises_is_raised_after_the_other_jobs_have_ended(tmp_path: Path) -> None:
    class Gone(MemoryEngine):
        def run(self, request: JobRequest, listener: JobListener) -> JobResult:
            if "-002-" in request.name:
                assert self.started["Tune"].wait(5)
                raise ContainerError("Docker Engine went away", slug="docker-gone")
            return super().run(request, listener)

    training = Gone(hold=("Tune",))
    engine = TuningEngine(training, 2, StillClock())
    request = tuning_request(tmp_path / "attempt", tuning_parameters(config(parallel=2)))
    with pytest.raises(ContainerError, match="went away"):
        engine.run(request, lambda news: None)
    assert [each[:10] for each in training.stopped[:1]] == ["tuning-001"]


def test_early_stopping_ends_a_job_that_is_worse_than_those_before(tmp_path: Path) -> None:
    class Slow(MemoryEngine):
        def run(self, request: JobRequest, listener: JobListener) -> JobResult:
            request.folder.mkdir(parents=True)
            good = "-003-" not in request.name
            (request.folder / "log.txt").write_text("score=0.9\n" * 3 if good else "score=0.1\n")
            for _ in range(0 if good else 500):
                time.sleep(0.01)
                if request.name in self.stopped:
                    break
            stopped = {} if good else {"TrainingJobStatus": "Stopped"}
            found = scored(request, 0.9 if good else 0.1)
            return JobResult({**found.describe, **stopped}, (), found.outputs)

    training = Slow()
    engine = TuningEngine(training, 1, StillClock())
    parameters = tuning_parameters(config(TrainingJobEarlyStoppingType="Auto"))
    result = engine.run(tuning_request(tmp_path / "attempt", parameters), lambda news: None)
    worst = result.describe["TrainingJobSummaries"][-1]
    assert [name[:10] for name in dict.fromkeys(training.stopped)] == ["tuning-003"]
    assert (worst["TrainingJobStatus"], worst["ObjectiveStatus"]) == ("Stopped", "Succeeded")
    assert "003 is stopped early, after 1 values of its objective" in result.log_tail


def _sagemaker() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")


def _unknown(operation: str, response: Any) -> set[str]:
    return _extra(response, _sagemaker().operation_model(operation).output_shape)


def _unknown_members(operation: str, request: Any) -> set[str]:
    return _extra(request, _sagemaker().operation_model(operation).input_shape)


def _extra(value: Any, shape: Any) -> set[str]:
    """Members that the shape does not know, and required ones that are not there."""
    if shape.type_name == "structure":
        missing = {f"no {name}" for name in shape.required_members if name not in value}
        known = (_extra(value[name], shape.members[name]) for name in value if name in shape.members)
        return missing.union(value.keys() - shape.members.keys(), *known)
    if shape.type_name == "list":
        return set().union(*(_extra(item, shape.member) for item in value))
    return set()
