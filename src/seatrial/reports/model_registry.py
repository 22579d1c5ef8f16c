"""The model registry, for people and for programs; packages and models in AWS's own shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.table import Table

from seatrial.reports.console import table
from seatrial.reports.json_report import Report
from seatrial.reports.text import shown

_STYLES = {"Approved": "green", "Rejected": "red", "PendingManualApproval": "yellow"}


class ModelsReport(Report):
    """Every version (DescribeModelPackage) and every model (DescribeModel)."""

    packages: tuple[Mapping[str, Any], ...]
    models: tuple[Mapping[str, Any], ...]


class PackageReport(Report):
    """One version, as it is now."""

    package: Mapping[str, Any]


def packages_table(packages: Iterable[Mapping[str, Any]]) -> Table:
    """One row a version, oldest first within a group."""
    made = table("PACKAGE", "APPROVAL", "REGISTERED", "MODEL DATA")
    for package in packages:
        status = str(package["ModelApprovalStatus"])
        made.add_row(
            shown(f"{package['ModelPackageGroupName']}/{package['ModelPackageVersion']}"),
            shown(status, _STYLES.get(status, "")),
            shown(str(package["CreationTime"])[:16].replace("T", " ")),
            shown(", ".join(_data(package))),
        )
    return made


def _data(package: Mapping[str, Any]) -> list[str]:
    containers = (package.get("InferenceSpecification") or {}).get("Containers") or []
    return [str(container["ModelDataUrl"]) for container in containers if container.get("ModelDataUrl")]
