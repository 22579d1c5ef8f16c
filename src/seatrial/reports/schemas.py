"""JSON schemas of what `--json` prints; `python -m seatrial.reports.schemas DIR` writes them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import BaseModel

from seatrial.dataflow import Lineage
from seatrial.outputs import S3OutputPathRegistry
from seatrial.reports.agreement import AgreementReport
from seatrial.reports.json_report import DownloadReport, FindingsReport, ReportFiles, RunReport, StatusReport
from seatrial.reports.model_registry import ModelsReport
from seatrial.reports.plan import PlanReport
from seatrial.reports.portability import PortabilityReport
from seatrial.reports.verdict import PlanRefusalReport

SCHEMAS: dict[str, type[BaseModel]] = {
    "run": RunReport,
    "plan": PlanReport,
    "plan-refusal": PlanRefusalReport,
    "findings": FindingsReport,
    "status": StatusReport,
    "outputs": S3OutputPathRegistry,
    "lineage": Lineage,
    "compare": AgreementReport,
    "portability": PortabilityReport,
    "download": DownloadReport,
    "models": ModelsReport,
    "report": ReportFiles,
}


def schema_text(name: str) -> str:
    """The schema of one report as it is committed."""
    return json.dumps(SCHEMAS[name].model_json_schema(mode="serialization"), indent=2) + "\n"


def main(folder: Path) -> None:
    """Write every schema."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        (folder / f"{name}.json").write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
