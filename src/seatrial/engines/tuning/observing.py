"""What was seen of a tuning job: of all its training jobs together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from seatrial.engines.tuning.trials import Ended
from seatrial.ports.observation import InputFiles, Observation, S3Call


def observation_of(trials: Sequence[Ended]) -> Observation | None:
    """One that was not observed hides the others: half of the calls would be taken for all."""
    seen = [ended.result.observation for ended in trials]
    observations = [each for each in seen if each is not None]
    if not observations or len(observations) < len(seen):
        return None
    return Observation(
        calls=_calls(observations),
        calls_unseen=next((each.calls_unseen for each in observations if each.calls_unseen), None),
        inputs=_inputs(trials),
        files_unseen=next((each.files_unseen for each in observations if each.files_unseen), None),
    )


def _calls(observations: Sequence[Observation]) -> tuple[S3Call, ...] | None:
    if any(each.calls is None for each in observations):
        return None
    return tuple(
        sorted((call for each in observations for call in each.calls or ()), key=lambda call: call.first)
    )


def _inputs(trials: Sequence[Ended]) -> tuple[InputFiles, ...] | None:
    """Of each channel the job that opened most of it: the jobs of one definition run one program."""
    best: dict[str, InputFiles] = {}
    for each in _named(trials):
        if each is None:
            return None
        before = best.get(each.input)
        if before is None or before.opened < each.opened:
            best[each.input] = each
    return tuple(best.values())


def _named(trials: Sequence[Ended]) -> Iterator[InputFiles | None]:
    """Each channel by the name that the tuning job has for it; None for a job whose files nobody saw."""
    for ended in trials:
        observation = ended.result.observation
        if observation is None or observation.inputs is None:
            yield None
            continue
        for each in observation.inputs:
            yield replace(each, input=ended.trial.candidate.definition.input_name(each.input))
