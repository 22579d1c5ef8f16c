"""Models and model packages: groups made on demand, versions, approval, described as AWS would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.errors import RecordError
from seatrial.ports.clock import Clock
from seatrial.ports.executions import EventKind
from seatrial.records import events
from seatrial.records.database import Database

# Members of the Create* requests that the Describe* responses do not repeat.
_NOT_DESCRIBED = frozenset({"Tags", "ClientToken"})

APPROVED = "Approved"


@dataclass(frozen=True)
class Origin:
    """The step of an execution that makes a model or a package."""

    execution_id: str
    step_name: str


class ModelRegistry:
    """What CreateModel and CreateModelPackage leave behind."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create_model(
        self, parameters: Mapping[str, Any], *, arn: str, origin: Origin | None = None
    ) -> Mapping[str, Any]:
        """Keep the model; its DescribeModel response."""
        described = {
            "EnableNetworkIsolation": False,
            **_kept(parameters),
            "ModelArn": arn,
            "CreationTime": self._clock.now().isoformat(),
        }
        self._append(EventKind.MODEL_CREATED, described, origin)
        return described

    def create_package(
        self, parameters: Mapping[str, Any], *, arn_root: str, origin: Origin | None = None
    ) -> Mapping[str, Any]:
        """Add a version to the group; its DescribeModelPackage response.

        The same step of the same execution gets the version that it made before, so that going on
        after a crash never registers twice. `arn_root` is an ARN up to and with its account.
        """
        with self._database.writing():
            known = self._package_of(origin)
            if known is not None:
                return known
            described = self._describe_package(parameters, arn_root)
            self._append(EventKind.MODEL_PACKAGE_CREATED, described, origin)
        return described

    def describe_model(self, name_or_arn: str) -> Mapping[str, Any]:
        """The DescribeModel response; an unknown model is an error that lists those there are."""
        row = self._database.row(
            "SELECT described FROM models WHERE name = ? OR arn = ?", (name_or_arn, name_or_arn)
        )
        if row is None:
            raise _unknown("model", name_or_arn, [str(model["ModelName"]) for model in self.models()])
        return _read(row["described"])

    def set_approval(self, package: str, status: str, description: str | None = None) -> Mapping[str, Any]:
        """What UpdateModelPackage does with ModelApprovalStatus; the package as it then is."""
        with self._database.writing():
            described = {
                **self.describe_package(package),
                "ModelApprovalStatus": status,
                "LastModifiedTime": self._clock.now().isoformat(),
            }
            if description is not None:
                described["ApprovalDescription"] = description
            self._append(EventKind.MODEL_PACKAGE_CHANGED, described, None)
        return described

    def describe_package(self, arn: str) -> Mapping[str, Any]:
        """The DescribeModelPackage response of an ARN, or of `GROUP/VERSION`.

        An unknown package is an error that lists those there are.
        """
        row = self._database.row(
            "SELECT described FROM model_packages WHERE arn = ? OR group_name || '/' || version = ?",
            (arn, arn),
        )
        if row is None:
            raise _unknown(
                "model package", arn, [str(package["ModelPackageArn"]) for package in self.packages()]
            )
        return _read(row["described"])

    def models(self) -> tuple[Mapping[str, Any], ...]:
        """Every model, by name."""
        rows = self._database.rows("SELECT described FROM models ORDER BY name")
        return tuple(_read(row["described"]) for row in rows)

    def groups(self) -> tuple[str, ...]:
        """The names of all model package groups."""
        rows = self._database.rows("SELECT DISTINCT group_name FROM model_packages ORDER BY group_name")
        return tuple(row["group_name"] for row in rows)

    def packages(self, group: str | None = None) -> tuple[Mapping[str, Any], ...]:
        """Every version, of one group or of all, oldest first within a group."""
        rows = self._database.rows(
            "SELECT described FROM model_packages WHERE ? IS NULL OR group_name = ? "
            "ORDER BY group_name, version",
            (group, group),
        )
        return tuple(_read(row["described"]) for row in rows)

    def latest_approved(self, group: str) -> Mapping[str, Any] | None:
        """The DescribeModelPackage response of the group's newest version that is approved, if there is one.

        `group` is its name or its ARN. What a check step compares with is its `DriftCheckBaselines`.
        """
        name = group.rpartition("/")[2]
        approved = [each for each in self.packages(name) if each["ModelApprovalStatus"] == APPROVED]
        return approved[-1] if approved else None

    def _package_of(self, origin: Origin | None) -> Mapping[str, Any] | None:
        if origin is None:
            return None
        row = self._database.row(
            "SELECT described FROM model_packages WHERE execution_id = ? AND step_name = ?",
            (origin.execution_id, origin.step_name),
        )
        return _read(row["described"]) if row else None

    def _describe_package(self, parameters: Mapping[str, Any], arn_root: str) -> dict[str, Any]:
        group = str(parameters["ModelPackageGroupName"]).rpartition("/")[2]  # the group's ARN is allowed too
        version = self._next_version(group)
        return {
            "ModelApprovalStatus": "PendingManualApproval",
            "CertifyForMarketplace": False,
            **_kept(parameters),
            "ModelPackageGroupName": group,
            "ModelPackageVersion": version,
            # Required by the response's shape; what the service writes for a version is not known.
            "ModelPackageName": f"{group}/{version}",
            "ModelPackageArn": f"{arn_root}:model-package/{group}/{version}",
            "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
            "CreationTime": self._clock.now().isoformat(),
        }

    def _next_version(self, group: str) -> int:
        row = self._database.row("SELECT max(version) FROM model_packages WHERE group_name = ?", (group,))
        return (row[0] or 0) + 1 if row else 1

    def _append(self, kind: EventKind, described: Mapping[str, Any], origin: Origin | None) -> None:
        execution_id, step = (origin.execution_id, origin.step_name) if origin else ("", None)
        events.append(
            self._database, execution_id, self._clock.now(), kind.value, step, {"described": described}
        )


def _kept(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if name not in _NOT_DESCRIBED}


def _read(text: str) -> Mapping[str, Any]:
    described: Mapping[str, Any] = json.loads(text)
    return described


def _unknown(what: str, asked: str, there: list[str]) -> RecordError:
    listed = ", ".join(there[:10]) if there else "none yet"
    return RecordError(
        f"there is no {what} {asked!r}",
        slug=f"unknown-{what.replace(' ', '-')}",
        where=asked,
        hint=f"there is: {listed}",
    )
