"""What a tuning job read and wrote: the receipts of its training jobs, named so that the best comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from seatrial.engines.tuning.trials import LISTED, Ended
from seatrial.ports.jobs import InputReceipt, LostFile, OutputReceipt


def outputs_of(trials: Sequence[Ended]) -> tuple[OutputReceipt, ...]:
    """`model`, `model-1`, `model-2` … as `TrainingJobSummaries[0]`, `[1]`, `[2]` … name their jobs."""
    return tuple(
        replace(receipt, name=_name(receipt.name, place), property_path=_property_path(receipt, place))
        for place, ended in enumerate(trials)
        for receipt in ended.result.outputs
        if receipt.objects or (receipt.name, place) == ("model", 0)
    )


def inputs_of(trials: Sequence[Ended]) -> tuple[InputReceipt, ...]:
    """The channels of each definition, once: every training job of it reads the same."""
    found: dict[str, InputReceipt] = {}
    for ended in trials:
        for receipt in ended.result.inputs:
            definition = ended.trial.candidate.name
            name = f"{definition}.{receipt.name}" if definition else receipt.name
            if receipt.required:  # not the checkpoints, which are each job's own
                found.setdefault(name, replace(receipt, name=name))
    return tuple(found.values())


def lost_files_of(trials: Sequence[Ended]) -> tuple[LostFile, ...]:
    """What was lost in any of them, each path once."""
    return tuple(_largest(trials).values())


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


def _name(name: str, place: int) -> str:
    return f"{name}-{place}" if place else name


def _property_path(receipt: OutputReceipt, place: int) -> str:
    """Beyond what the properties list there is no name for the job, only its own."""
    if place >= LISTED:
        return receipt.s3_uri
    return f"TrainingJobSummaries[{place}].TrainingJobName"
