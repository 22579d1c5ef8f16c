"""What external manifests name, looked up before anything runs; a broken one is its job's to tell of."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow import ExternalInput
from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.flow import Plan, plan_of
from seatrial.dataflow.places import within
from seatrial.engines.native.manifests import Manifest, ManifestError, look_up, parse_manifest
from seatrial.ports.findings import Finding
from seatrial.ports.storage import ObjectStore, S3Uri
from seatrial.reports.plan import PlanView

_SHOWN = 3


def led_nowhere(store: ObjectStore, view: PlanView) -> list[Finding]:
    """One error for each manifest that names what is not there, and what no step of the pipeline writes."""
    named = [planned.found for planned in view.inputs if planned.found.one_object]
    if not named:
        return []  # a run without manifests pays nothing
    plan = plan_of(view.definition, view.parameters)
    found = []
    for external in named:
        manifest = _read(store, S3Uri.parse(external.uri)) if external.uri is not None else None
        missing = list(_missing(store, manifest, plan)) if manifest else []
        if missing:
            found.append(_finding(external, missing))
    return found


def _read(store: ObjectStore, uri: S3Uri) -> Manifest | None:
    try:
        return parse_manifest(store.read(uri)) if store.stat(uri) else None
    except ManifestError:
        return None


def _missing(store: ObjectStore, manifest: Manifest, plan: Plan) -> Iterator[S3Uri]:
    named = dict.fromkeys(S3Uri(manifest.prefix.bucket, key) for key in manifest.keys)
    there = look_up(store, named)
    for uri in named:
        if uri not in there and not any(within(str(uri), place) for _, place in plan.places):
            yield uri


def _finding(external: ExternalInput, missing: list[S3Uri]) -> Finding:
    reader = external.readers[0]
    first = missing[0]
    folder, slash, _ = first.key.rpartition("/")
    return finding(
        "ST103",
        f"the manifest {external.text}, which {' and '.join(external.readers)} will read, names "
        f"{counted(len(missing), 'object')} that nobody has brought",
        where=external.pointers[0],
        hint=f"seed what it names: --seed {S3Uri(first.bucket, folder + slash)}=./folder",
        step=reader,
        observed=", ".join(str(uri) for uri in missing[:_SHOWN]),
    )
