"""Train a boosted-tree classifier on the `train` channel and watch it on the `validation` channel."""

import argparse
import os
from pathlib import Path

import numpy as np
import xgboost as xgb


def read(channel: str) -> xgb.DMatrix:
    """Every CSV file of a channel: the label first, no header."""
    folder = Path(os.environ[f"SM_CHANNEL_{channel.upper()}"])
    rows = np.vstack([np.loadtxt(file, delimiter=",") for file in sorted(folder.glob("*.csv"))])
    return xgb.DMatrix(rows[:, 1:], label=rows[:, 0])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--num_round", type=int, default=60)
    parser.add_argument("--max_depth", type=int, default=3)
    parser.add_argument("--eta", type=float, default=0.2)
    parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
    arguments = parser.parse_args()

    train, validation = read("train"), read("validation")
    model = xgb.train(
        {
            "objective": "binary:logistic",
            "eval_metric": "auc",
            "max_depth": arguments.max_depth,
            "eta": arguments.eta,
            "seed": 7,
        },
        train,
        num_boost_round=arguments.num_round,
        evals=[(train, "train"), (validation, "validation")],
        verbose_eval=20,
    )
    # The name under which SageMaker's XGBoost image serves a model without any code.
    model.save_model(str(Path(arguments.model_dir) / "xgboost-model"))


if __name__ == "__main__":
    main()
