"""How well the model tells benign from malignant on data that it has not seen."""

import json
import tarfile
from pathlib import Path

import numpy as np
import xgboost as xgb
from sklearn.metrics import accuracy_score, roc_auc_score

MODEL = Path("/opt/ml/processing/model/model.tar.gz")
TEST = Path("/opt/ml/processing/test/test.csv")
OUTPUT = Path("/opt/ml/processing/evaluation")


def main() -> None:
    with tarfile.open(MODEL) as archive:
        model = xgb.Booster(model_file=bytearray(archive.extractfile("xgboost-model").read()))

    rows = np.loadtxt(TEST, delimiter=",")
    labels, scores = rows[:, 0], model.predict(xgb.DMatrix(rows[:, 1:]))
    report = {
        "binary_classification_metrics": {
            "auc": {"value": float(roc_auc_score(labels, scores))},
            "accuracy": {"value": float(accuracy_score(labels, scores > 0.5))},
        }
    }

    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "evaluation.json").write_text(json.dumps(report, indent=2))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
