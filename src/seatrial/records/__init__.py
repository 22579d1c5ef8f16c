"""SQLite events and projections: executions, jobs, the model registry. Knows nothing of how anything runs."""

from __future__ import annotations

from seatrial.records.endpoint_configs import EndpointConfigs
from seatrial.records.jobs import JobRecord, Success
from seatrial.records.journal import Journal
from seatrial.records.model_registry import ModelRegistry, Origin
from seatrial.records.records import Records

__all__ = ["EndpointConfigs", "JobRecord", "Journal", "ModelRegistry", "Origin", "Records", "Success"]
