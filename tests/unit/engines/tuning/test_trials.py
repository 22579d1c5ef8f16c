"""The order of training jobs, and their names."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from seatrial.definition.tuning_jobs import TrainingDefinition
from seatrial.engines.job import Metric
from seatrial.engines.tuning.recipes import Recipe
from seatrial.engines.tuning.request import Candidate, Objective
from seatrial.engines.tuning.search import Suggestion
from seatrial.engines.tuning.trials import Ended, Trial, best_first, trial_name
from seatrial.ports.jobs import JobResult
from tests.adapters.clock import START
from tests.unit.engines.tuning.bench import tuning_parameters, tuning_request

REQUEST = tuning_request(Path("attempt"), tuning_parameters())
VALUES = st.lists(st.none() | st.floats(-1e6, 1e6), max_size=12)


def _ended(number: int, value: float | None, *, maximize: bool) -> Ended:
    objective = Objective(Metric("score", ""), maximize)
    candidate = Candidate(TrainingDefinition((), {}), objective, (), {}, Recipe({}))
    trial = Trial(number, candidate, Suggestion(number, {}), REQUEST, START)
    return Ended(trial, JobResult({"TrainingJobStatus": "Completed"}), value)


@given(VALUES, st.booleans(), st.randoms())
def test_the_best_comes_first_and_those_without_an_objective_last(
    values: list[float | None], maximize: bool, order: Random
) -> None:
    trials = [_ended(number, value, maximize=maximize) for number, value in enumerate(values)]
    shuffled = list(trials)
    order.shuffle(shuffled)
    found = [each.value for each in best_first(shuffled)]
    with_value = [value for value in values if value is not None]
    assert found == sorted(with_value, reverse=maximize) + [None] * (len(values) - len(with_value))
    assert best_first(shuffled) == best_first(trials)


@given(st.integers(1, 999))
def test_a_training_job_is_named_after_its_tuning_job(number: int) -> None:
    name = trial_name("0123456789ab-Tune-0123456789", number)
    assert re.fullmatch(rf"0123456789ab-Tune-0123456789-{number:03d}-[0-9a-f]{{8}}", name)
    assert name == trial_name("0123456789ab-Tune-0123456789", number)
