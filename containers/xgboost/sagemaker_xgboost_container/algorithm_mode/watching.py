"""What looks on while trees are grown: the log's lines, early stopping, checkpoints, the model so far."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from xgboost import Booster, callback

from sagemaker_xgboost_container.algorithm_mode.metric_names import is_maximized
from sagemaker_xgboost_container.checkpointing import NAME, load_checkpoint

MODEL = "xgboost-model"


@dataclass(frozen=True)
class Watch:
    """The model that training starts from, the rounds that it has, and who looks on."""

    model: str | None
    rounds: int
    callbacks: list[callback.TrainingCallback]


@dataclass(frozen=True)
class Wishes:
    """What of a job concerns more than the trees; `stop_by` is None where early stopping is off."""

    model_folder: Path
    checkpoint_folder: Path | None
    stop_rounds: int | None
    stop_by: str | None
    save_on_termination: bool


def watch(wishes: Wishes, fold: int | None = None) -> Watch:
    """The look-outs of one training."""
    callbacks: list[callback.TrainingCallback] = [callback.EvaluationMonitor()]
    model, rounds = None, 0
    if wishes.checkpoint_folder:
        wishes.checkpoint_folder.mkdir(parents=True, exist_ok=True)
        found = load_checkpoint(wishes.checkpoint_folder)
        model, rounds = (str(found[0]), found[1]) if found else (None, 0)
        # With no round to go on from this saves once, after the first: SageMaker's own image does no more.
        callbacks.append(callback.TrainingCheckPoint(wishes.checkpoint_folder, NAME, iterations=rounds))
    if wishes.save_on_termination:
        name = MODEL if fold is None else f"{MODEL}-{fold}"
        callbacks.append(SaveSoFar(wishes.model_folder / name))
        end_well_when_stopped(wishes.model_folder)
    if wishes.stop_rounds and wishes.stop_by:
        callbacks.append(
            callback.EarlyStopping(
                rounds=wishes.stop_rounds,
                data_name="validation",
                metric_name=wishes.stop_by,
                maximize=is_maximized(wishes.stop_by),
                save_best=True,
            )
        )
    return Watch(model, rounds, [InTurn(callbacks)])


class InTurn(callback.TrainingCallback):
    """Several as one: XGBoost keeps a set and asks no further once one wants to stop, so that the last
    round's line would be in the log by chance."""

    def __init__(self, callbacks: list[callback.TrainingCallback]) -> None:
        self.callbacks = callbacks

    def before_training(self, model: Booster) -> Booster:
        """Let each have the model."""
        for each in self.callbacks:
            model = each.before_training(model)
        return model

    def after_iteration(self, model: Booster, epoch: int, evals_log: object) -> bool:
        """Stop if one of them wants to, after all have been asked."""
        wishes = [each.after_iteration(model, epoch, evals_log) for each in self.callbacks]
        return any(wishes)

    def after_training(self, model: Booster) -> Booster:
        """Let each have the model."""
        for each in self.callbacks:
            model = each.after_training(model)
        return model


class SaveSoFar(callback.TrainingCallback):
    """Writes the model after every round, whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def after_iteration(self, model: Booster, epoch: int, evals_log: object) -> bool:
        """Save; training goes on."""
        unfinished = self.path.with_name(f".{self.path.name}")
        model.save_model(unfinished)
        unfinished.replace(self.path)
        return False


def end_well_when_stopped(model_folder: Path) -> None:
    """Make a SIGTERM leave nothing but models, and success."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        for file in model_folder.iterdir():
            if file.is_file() and not file.name.startswith(MODEL):
                file.unlink()
        sys.exit(0)

    signal.signal(signal.SIGTERM, leave)
