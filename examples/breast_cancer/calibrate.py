"""Whether the model's probabilities can be taken at their word: of ten cases at 90 %, are nine benign?"""

import csv
import json
import tarfile
from pathlib import Path

import numpy as np
import xgboost as xgb
from sklearn.metrics import brier_score_loss

MODEL = Path("/opt/ml/processing/model/model.tar.gz")
TEST = Path("/opt/ml/processing/test/test.csv")
OUTPUT = Path("/opt/ml/processing/calibration")
BINS = 10


def main() -> None:
    with tarfile.open(MODEL) as archive:
        model = xgb.Booster(model_file=bytearray(archive.extractfile("xgboost-model").read()))

    rows = np.loadtxt(TEST, delimiter=",")
    labels, scores = rows[:, 0], model.predict(xgb.DMatrix(rows[:, 1:]))
    curve = reliability(labels, scores)
    error = sum(count * abs(said - seen) for said, seen, count in curve) / len(labels)
    report = {
        "brier_score": float(brier_score_loss(labels, scores)),
        "expected_calibration_error": float(error),
    }

    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "calibration.json").write_text(json.dumps(report, indent=2))
    with (OUTPUT / "reliability.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("said", "seen", "count"), *curve])
    print(json.dumps(report))


def reliability(labels: np.ndarray, scores: np.ndarray) -> list[tuple[float, float, int]]:
    """For each tenth of the scale: the mean score, the share that was benign, and how many there were."""
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    return [
        (float(scores[bins == each].mean()), float(labels[bins == each].mean()), int((bins == each).sum()))
        for each in sorted(set(bins.tolist()))
    ]


if __name__ == "__main__":
    main()
