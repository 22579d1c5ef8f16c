"""The job: read the configuration, analyze, write the files, say how it ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model_monitor_analyzer.ending import completed, say, write
from model_monitor_analyzer.faults import JobFaultError
from model_monitor_analyzer.hosts import is_idle, sharded_inputs

from clarify_processing import bias
from clarify_processing.baselines import read_analysis, shap_baseline
from clarify_processing.config import AnalysisConfig, read_config
from clarify_processing.data import Dataset, read_dataset
from clarify_processing.predictor import Predictor
from clarify_processing.violations import find

ROOT = Path("/opt/ml/processing")


def main(root: Path = ROOT, environment: Mapping[str, str] = os.environ) -> int:
    """The exit code; a violation is no failure of the job."""
    output = root / "output"
    if is_idle():
        print("another host of the job does the work")
        return 0
    try:
        if sharded_inputs():
            raise JobFaultError(f"not supported here: sharded inputs ({', '.join(sharded_inputs())})")
        config = read_config(root / "input" / "config")
        predictor = _predictor(config, environment)
        analysis = _analyze(config, read_dataset(root / "input" / "data", config), predictor, output)
        earlier = environment.get("baseline_constraints")
        found = find(analysis, read_analysis(Path(earlier))) if earlier else []
        output.mkdir(parents=True, exist_ok=True)
        write(output / "analysis.json", analysis)
        write(output / "analysis_config.json", config.raw)
        if found:
            write(output / "constraint_violations.json", {"version": "1.0", "violations": found})
    except JobFaultError as fault:
        say(f"Error: {fault}")
        return 1
    say(_ending(found))
    return 0


def _predictor(config: AnalysisConfig, environment: Mapping[str, str]) -> Predictor | None:
    url = environment.get("model_url")
    if config.needs_model and not url:
        raise JobFaultError("predictions need a model: none was served for this job")
    return Predictor(str(url), config.predictor) if config.needs_model else None


def _analyze(
    config: AnalysisConfig, dataset: Dataset, predictor: Predictor | None, output: Path
) -> dict[str, Any]:
    analysis: dict[str, Any] = {"version": "1.0"}
    if bias.PRE in config.methods:
        analysis["pre_training_bias_metrics"] = bias.describe(bias.PRE, dataset, config)
    if bias.POST in config.methods:
        predicted = None
        if dataset.predicted_label is None and predictor is not None:
            predicted = predictor.labels(_records(dataset), config.threshold)
        analysis["post_training_bias_metrics"] = bias.describe(bias.POST, dataset, config, predicted)
    if "shap" in config.methods and predictor is not None:
        analysis["explanations"] = _explain(config, dataset, predictor, output)
    return analysis


def _explain(config: AnalysisConfig, dataset: Dataset, predictor: Predictor, output: Path) -> dict[str, Any]:
    # shap takes some seconds to import, and bias has no use for it.
    from clarify_processing.explanations import explain

    options = config.methods["shap"] or {}
    found = explain(dataset, options, predictor, shap_baseline(options.get("baseline")))
    folder = output / "explanations_shap"
    folder.mkdir(parents=True, exist_ok=True)
    found.baseline.to_csv(folder / "baseline.csv", index=False)
    if options.get("save_local_shap_values", True):
        found.local.to_csv(folder / "out.csv", index=False)
    return found.document


def _records(dataset: Dataset) -> list[list[Any]]:
    return [list(row) for row in dataset.table[dataset.features].itertuples(index=False)]


def _ending(violations: list[dict[str, str]]) -> str:
    for violation in violations:
        about = violation.get("facet") or violation.get("label")
        kind, metric = violation["constraint_check_type"], violation["metric_name"]
        print(f"{kind}: {about} {metric}: {violation['description']}")
    return completed(len(violations))


if __name__ == "__main__":
    sys.exit(main())
