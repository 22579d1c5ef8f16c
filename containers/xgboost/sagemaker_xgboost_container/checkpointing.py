"""Training that goes on from the newest checkpoint, by the call that scripts written for SageMaker use."""

import re
from pathlib import Path

import xgboost

NAME = "xgboost-checkpoint"
KEPT = 5


def train(train_args, checkpoint_dir):
    """Call `xgboost.train`, saving `xgboost-checkpoint.<iteration>` each round and resuming from it."""
    folder = Path(checkpoint_dir)
    folder.mkdir(parents=True, exist_ok=True)
    arguments = dict(train_args)
    newest = load_checkpoint(folder)
    if newest is not None:
        model, done = newest
        arguments["xgb_model"] = str(model)
        arguments["num_boost_round"] = max(0, arguments.get("num_boost_round", 10) - done)
    arguments["callbacks"] = [*arguments.get("callbacks", []), SaveEachRound(folder)]
    return xgboost.train(**arguments)


def load_checkpoint(checkpoint_dir):
    """The newest checkpoint and how many rounds it holds, None when there is none."""
    found = _checkpoints(Path(checkpoint_dir))
    return (found[-1], _iteration(found[-1]) + 1) if found else None


class SaveEachRound(xgboost.callback.TrainingCallback):
    """Keeps the newest few checkpoints; each is written whole or not at all."""

    def __init__(self, folder):
        self.folder = folder

    def after_iteration(self, model, epoch, evals_log):
        """Save after each round; training goes on."""
        unfinished = self.folder / ".writing"
        model.save_model(unfinished)
        unfinished.replace(self.folder / f"{NAME}.{model.num_boosted_rounds() - 1}")
        for old in _checkpoints(self.folder)[:-KEPT]:
            old.unlink()
        return False


def _checkpoints(folder):
    return sorted((path for path in folder.glob(f"{NAME}.*") if _iteration(path) is not None), key=_iteration)


def _iteration(path):
    found = re.fullmatch(rf"{NAME}\.(\d+)", path.name)
    return int(found[1]) if found else None
