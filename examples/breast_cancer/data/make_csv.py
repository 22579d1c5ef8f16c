"""Write scikit-learn's breast cancer data set as the CSV that the pipeline reads.

The file is kept beside this script, so that nothing but the containers needs scikit-learn:
python make_csv.py
"""

import csv
from pathlib import Path

from sklearn.datasets import load_breast_cancer

TARGET = Path(__file__).with_name("breast_cancer.csv")


def main() -> None:
    data = load_breast_cancer()
    with TARGET.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["benign", *(name.replace(" ", "_") for name in data.feature_names)])
        for label, features in zip(data.target, data.data, strict=True):
            rows.writerow([int(label), *(float(value) for value in features)])


if __name__ == "__main__":
    main()
