"""A hosting engine on parts in memory, with a model in its store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from seatrial.engines.hosting import HostingEngine, Standing
from seatrial.engines.serving import Parts
from seatrial.ports.endpoints import EndpointPlan
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.ports.storage import S3Uri
from seatrial.settings import Settings
from tests.adapters.clock import StillClock
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_server import MemoryServer
from tests.adapters.memory_store import MemoryStore
from tests.unit.engines.native.requests import ADDRESS, Heard
from tests.unit.engines.serving.bench import model, packed

EXECUTION = "exec00000001"


def variant(name: str, **members: Any) -> dict[str, Any]:
    """A production variant of a model of its own."""
    given = {"ModelName": f"model-{name}", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    return {"VariantName": name, **given, **members}


def plan(*variants: dict[str, Any], **models: dict[str, Any]) -> EndpointPlan:
    """A configuration, and a model for each of its variants."""
    config = {"EndpointConfigName": "config-1", "ProductionVariants": list(variants)}
    names = [each["VariantName"] for each in variants]
    return EndpointPlan(config, {name: models.get(name, model()) for name in names})


class Bench:
    """An engine whose containers are Python functions."""

    def __init__(self, folder: Path, server: MemoryServer | None = None) -> None:
        self.folder = folder / "attempt"
        self.server = server or MemoryServer()
        self.store = MemoryStore()
        self.standing = Standing()
        settings = Settings(state_dir=folder / "state", cache_dir=folder / "cache")
        images = MemoryImages(everything=True)
        parts = Parts(self.server, self.server, self.store, ADDRESS, images, settings)
        self.engine = HostingEngine(parts, self.standing, StillClock(tick=1.0))
        self.store.write(S3Uri("bucket", "model/model.tar.gz"), packed(weights__bin="heavy"))

    def run(self, endpoint: EndpointPlan | None, name: str = "smoke", job: str = "job-1") -> JobResult:
        """Bring an endpoint into service."""
        request = JobRequest(
            kind="Endpoint",
            name=job,
            arn=f"arn:aws:sagemaker:us-east-1:123456789012:endpoint/{job}",
            parameters={"EndpointName": name, "EndpointConfigName": "config-1"},
            execution_id=EXECUTION,
            step_name="Deploy",
            attempt=1,
            folder=self.folder / job,
            endpoint=endpoint,
        )
        return self.engine.run(request, Heard())

    def log(self, job: str = "job-1") -> str:
        """The job's log."""
        return (self.folder / job / "log.txt").read_text()
