"""Split the measurements into train, validation and test sets of equal proportions, the label first."""

import argparse
from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split

LABEL = "benign"
INPUT = Path("/opt/ml/processing/input/raw")
OUTPUT = Path("/opt/ml/processing/output")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=7)
    seed = parser.parse_args().seed

    data = pd.concat(pd.read_csv(file) for file in sorted(INPUT.glob("*.csv")))
    data = data[[LABEL, *data.columns.drop(LABEL)]]
    train, rest = train_test_split(data, test_size=0.4, stratify=data[LABEL], random_state=seed)
    validation, test = train_test_split(rest, test_size=0.5, stratify=rest[LABEL], random_state=seed)

    for name, part in {"train": train, "validation": validation, "test": test}.items():
        folder = OUTPUT / name
        folder.mkdir(parents=True, exist_ok=True)
        part.to_csv(folder / f"{name}.csv", header=False, index=False)
        print(f"{name}: {len(part)} rows, {part[LABEL].mean():.3f} benign")


if __name__ == "__main__":
    main()
