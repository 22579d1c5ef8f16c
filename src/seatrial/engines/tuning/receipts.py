"""What a tuning job read and wrote: the receipts of its training jobs, named so that the best comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from seatrial.definition.tuning_jobs import model_name, model_path
from seatrial.engines.tuning.trials import Ended
from seatrial.ports.jobs import Denial, InputReceipt, LostFile, OutputReceipt

MODEL = "model"


def outputs_of(trials: Sequence[Ended]) -> tuple[OutputReceipt, ...]:
    """`model`, `model-1`, `model-2` … as `TrainingJobSummaries[0]`, `[1]`, `[2]` … name their jobs."""
    return tuple(
        _named(receipt, place, ended)
        for place, ended in enumerate(trials)
        for receipt in ended.result.outputs
        if receipt.objects or (receipt.name, place) == (MODEL, 0)
    )


def inputs_of(trials: Sequence[Ended]) -> tuple[InputReceipt, ...]:
    """The channels of each definition, once: every training job of it reads the same."""
    found: dict[str, InputReceipt] = {}
    for ended in trials:
        for receipt in ended.result.inputs:
            name = ended.trial.candidate.definition.input_name(receipt.name)
            if receipt.required:  # not the checkpoints, which are each job's own
                found.setdefault(name, replace(receipt, name=name))
    return tuple(found.values())


def lost_files_of(trials: Sequence[Ended]) -> tuple[LostFile, ...]:
    """What was lost in any of them, each path once."""
    return tuple(_largest(trials).values())


def denied_of(trials: Sequence[Ended]) -> tuple[Denial, ...]:
    """What any of them was denied, once."""
    return tuple(dict.fromkeys(denial for ended in trials for denial in ended.result.denied))


def _largest(trials: Sequence[Ended]) -> Mapping[str, LostFile]:
    found: dict[str, LostFile] = {}
    for lost in _lost(trials):
        before = found.get(lost.container_path)
        if before is None or before.size < lost.size:
            found[lost.container_path] = lost
    return found


def _lost(trials: Sequence[Ended]) -> Iterator[LostFile]:
    for ended in trials:
        yield from ended.result.lost_files


def _named(receipt: OutputReceipt, place: int, ended: Ended) -> OutputReceipt:
    if receipt.name == MODEL:
        return replace(receipt, name=model_name(place), property_path=model_path(place))
    definition = ended.trial.candidate.definition.property_path
    return replace(
        receipt,
        name=f"{receipt.name}-{place}" if place else receipt.name,
        property_path=f"{definition}.{receipt.property_path}",
    )
