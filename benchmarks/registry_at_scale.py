"""`python -m benchmarks.registry_at_scale`: 10,000 outputs with 1,000,000 objects, in memory and in time.

Nothing here needs Docker. The figures stand in docs/registry.md.
"""

from __future__ import annotations

import gc
import resource
import sys
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timezone

from benchmarks.timing import timed
from seatrial.outputs import ExecutionMetadata, S3OutputInfo, S3OutputPathRegistry
from seatrial.outputs.discovery import PipelineOutputDiscovery
from seatrial.outputs.object_list import ObjectList
from seatrial.outputs.strategies import output_referred
from seatrial.ports.storage import StoredObject

STEPS, OUTPUTS, OBJECTS = 2_000, 5, 100
NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)
JOB_TYPES = ("training", "validation", "testing", "calibration", None)


def main() -> None:
    """Build the registry, ask it, then build it once more to weigh it alone."""
    before = _most_resident()
    registry = a_registry()
    print(f"process, above its start  {(_most_resident() - before) / 1e6:7.0f} MB")
    for name, question in questions(registry).items():
        with timed() as watch:
            question()
        print(f"{name:25} {watch.seconds * 1000:7.1f} ms")
    del registry
    tracemalloc.start()
    alone = a_registry()
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    print(f"held by the registry      {held / 1e6:7.0f} MB, {len(alone.list_all_steps())} steps")


def questions(registry: S3OutputPathRegistry) -> dict[str, Callable[[], object]]:
    """What users ask."""
    discovery = PipelineOutputDiscovery(registry)
    path = "ProcessingOutputConfig.Outputs['out-3'].S3Output.S3Uri"
    return {
        "one output": lambda: registry.get_step_output_info("Step-1999", "out-4"),
        "by property path": lambda: output_referred(registry, "Step-1000", path),
        "by job type": lambda: discovery.discover_outputs_by_job_type("training"),
        "by data type": lambda: discovery.discover_outputs_by_data_type("S3Uri"),
        "by step type": lambda: discovery.discover_outputs_by_step_type("Processing"),
        "manifest of outputs": discovery.create_output_manifest,
    }


def a_registry() -> S3OutputPathRegistry:
    """Keys and ETags as long as those of a real execution."""
    metadata = ExecutionMetadata(pipeline_name="P", execution_id="abc123def456", start_time=NOW)
    registry = S3OutputPathRegistry(execution_metadata=metadata)
    for step in range(STEPS):
        for output in range(OUTPUTS):
            info = _info(f"Step-{step}", f"out-{output}", JOB_TYPES[output])
            registry.register_step_output(info.step_name, info.logical_name, info)
    return registry


def _info(step: str, output: str, job_type: str | None) -> S3OutputInfo:
    root = f"MODS/pipeline_1.0/abc123def456/{step}/{output}"
    objects = [
        StoredObject(
            "data", f"{root}/part-{n:05}-{hash((root, n)) & (1 << 64) - 1:016x}.snappy.parquet", n, _etag(n)
        )
        for n in range(OBJECTS)
    ]
    return S3OutputInfo(
        logical_name=output,
        s3_uri=f"s3://data/{root}",
        property_path=f"ProcessingOutputConfig.Outputs['{output}'].S3Output.S3Uri",
        data_type="S3Uri",
        step_name=step,
        job_type=job_type,
        timestamp=NOW,
        metadata={
            "container_path": f"/opt/ml/processing/output/{output}",
            "step_type": "Processing",
            "count": OBJECTS,
            "objects": ObjectList(objects, f"s3://data/{root}"),
            "members": [],
        },
    )


def _etag(number: int) -> str:
    return f"{number * 2654435761 % (1 << 128):032x}"


def _most_resident() -> int:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
