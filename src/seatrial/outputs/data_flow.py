"""Wires outputs to the inputs of a step that is run by hand, and remembers what went where.

What a whole execution really moved is `seatrial lineage`'s; this knows only what it was told.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from seatrial.errors import RefusedError
from seatrial.outputs.fetching import ReadableStore, objects_at
from seatrial.outputs.info import S3OutputInfo, UtcDatetime
from seatrial.outputs.references import PropertyReference
from seatrial.outputs.registry import S3OutputPathRegistry
from seatrial.outputs.resolution import PropertyResolutionService
from seatrial.outputs.strategies import RegistryStrategy, output_referred
from seatrial.ports.storage import S3Uri

FILE_NAME = "data-lineage.json"
Source = PropertyReference | S3OutputInfo | str
"""Where an input comes from: a reference, an output of the registry, or a URI."""


class StepContract(Protocol):
    """What a step's script expects: each input with its path in the container."""

    @property
    def expected_input_paths(self) -> Mapping[str, str]: ...


class DataFlowEntry(BaseModel):
    """Data that goes from an output to an input; from outside the registry where `from_step` is None."""

    model_config = ConfigDict(frozen=True)

    from_step: str | None
    from_output: str | None
    to_step: str
    to_input: str
    s3_uri: str
    timestamp: UtcDatetime


class DataFlowManager:
    """Resolves the inputs of steps, looks whether they are there, and reports the lineage.

    Without `resolver`, references are looked up in the registry. `workspace_dir` receives the report.
    """

    def __init__(
        self,
        workspace_dir: str | os.PathLike[str],
        s3_output_registry: S3OutputPathRegistry,
        store: ReadableStore | None = None,
        *,
        resolver: PropertyResolutionService | None = None,
    ) -> None:
        self.workspace_dir = Path(workspace_dir)
        self.s3_output_registry = s3_output_registry
        self._store = store
        self._resolver = resolver or PropertyResolutionService([RegistryStrategy(s3_output_registry)])
        self._flows: dict[tuple[str, str], DataFlowEntry] = {}

    def setup_step_inputs(
        self,
        step_name: str,
        upstream_outputs: Mapping[str, Source],
        step_contract: StepContract | Collection[str] | None = None,
    ) -> dict[str, str]:
        """The URI of each input, by name; all of them are wired, or none.

        `step_contract` says which inputs there are, by an object with `expected_input_paths` or by name.
        """
        self._resolver.forget()  # the registry may have been filled since
        _fits(step_name, upstream_outputs, step_contract)
        flows = [self._flow(step_name, name, source) for name, source in upstream_outputs.items()]
        self._flows |= {(step_name, flow.to_input): flow for flow in flows}
        return {flow.to_input: flow.s3_uri for flow in flows}

    def validate_data_availability(
        self, step_name: str, required_inputs: Iterable[str] | Mapping[str, str]
    ) -> dict[str, bool]:
        """Whether each input's data is in the store now: by name if it was set up, or a URI by name.

        An input that was never set up is not available. What may not be looked at is an error, not False.
        """
        if self._store is None:
            raise RefusedError(
                "whether data is there can only be looked up in a store",
                slug="no-store",
                where=step_name,
                hint="DataFlowManager(workspace_dir, registry, store)",
            )
        if isinstance(required_inputs, Mapping):
            return {name: _holds(self._store, uri) for name, uri in required_inputs.items()}
        flows = {name: self._flows.get((step_name, name)) for name in required_inputs}
        return {name: flow is not None and _holds(self._store, flow.s3_uri) for name, flow in flows.items()}

    def create_data_lineage_report(self) -> dict[str, Any]:
        """Every flow that was set up, as plain JSON; also written to `data-lineage.json` in the workspace."""
        flows = list(self._flows.values())
        report = {
            "generated_at": datetime.now(timezone.utc).isoformat(),
            "entries": [flow.model_dump(mode="json") for flow in flows],
            "total_entries": len(flows),
            "total_steps": len({flow.to_step for flow in flows}),
            "from_outside": sum(flow.from_step is None for flow in flows),
        }
        self.workspace_dir.mkdir(parents=True, exist_ok=True)
        part = self.workspace_dir / f".{FILE_NAME}"
        part.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        part.replace(self.workspace_dir / FILE_NAME)
        return report

    def _flow(self, step: str, name: str, source: Source) -> DataFlowEntry:
        uri, info = self._resolved(step, name, source)
        return DataFlowEntry(
            from_step=info.step_name if info else None,
            from_output=info.logical_name if info else None,
            to_step=step,
            to_input=name,
            s3_uri=uri,
            timestamp=datetime.now(timezone.utc),
        )

    def _resolved(self, step: str, name: str, source: Source) -> tuple[str, S3OutputInfo | None]:
        registry = self.s3_output_registry
        if isinstance(source, S3OutputInfo):
            return source.s3_uri, source
        if isinstance(source, str):
            return _checked(source, step, name), _holder(registry, source)
        uri = _checked(self._resolver.resolve(source), step, name)
        return uri, output_referred(registry, source.step_name, source.property_path) or _holder(
            registry, uri
        )


def _fits(step: str, upstream: Mapping[str, Source], contract: StepContract | Collection[str] | None) -> None:
    if contract is None:
        return
    expected = contract if isinstance(contract, Collection) else contract.expected_input_paths
    missing = [name for name in expected if name not in upstream]
    unknown = [name for name in upstream if name not in expected]
    if missing or unknown:
        said = [f"nothing for {', '.join(missing)}"] if missing else []
        said += [f"no such input: {', '.join(unknown)}"] if unknown else []
        raise RefusedError(
            f"what is given does not fit the inputs of {step}: {'; '.join(said)}",
            slug="inputs-do-not-fit",
            where=step,
            hint=f"its contract expects {', '.join(expected) or 'none'}",
        )


def _checked(value: object, step: str, name: str) -> str:
    if isinstance(value, str) and value.startswith("s3://"):
        return value
    raise RefusedError(
        f"the input {name} of {step} would be {value!r}, which is no S3 URI",
        slug="not-an-s3-uri",
        where=f"{step}.{name}",
        hint="refer to a property that is one, or write s3://bucket/prefix",
    )


def _holder(registry: S3OutputPathRegistry, uri: str) -> S3OutputInfo | None:
    """The output that lies at the URI or holds it; of several the innermost."""
    holders = [
        info
        for outputs in registry.step_outputs.values()
        for info in outputs.values()
        if f"{uri.rstrip('/')}/".startswith(f"{info.s3_uri.rstrip('/')}/")
    ]
    return max(holders, key=lambda info: len(info.s3_uri), default=None)


def _holds(store: ReadableStore, uri: str) -> bool:
    return any(True for _ in objects_at(store, S3Uri.parse(uri)))
