"""The checks of the data flow: one file each, one line each in `CHECKS`; none knows another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from seatrial.dataflow.checks.absent_inputs import absent_inputs
from seatrial.dataflow.checks.archive_members import archive_members
from seatrial.dataflow.checks.changed_outputs import changed_outputs
from seatrial.dataflow.checks.channels_agree import channels_agree
from seatrial.dataflow.checks.collisions import observed_collisions, planned_collisions
from seatrial.dataflow.checks.content_contracts import content_contracts
from seatrial.dataflow.checks.denied_access import observed_denials, planned_denials
from seatrial.dataflow.checks.early_reads import early_reads
from seatrial.dataflow.checks.empty_names import empty_names
from seatrial.dataflow.checks.empty_outputs import empty_outputs
from seatrial.dataflow.checks.empty_tables import empty_tables
from seatrial.dataflow.checks.foreign_objects import foreign_objects
from seatrial.dataflow.checks.frozen_reads import frozen_reads
from seatrial.dataflow.checks.hard_coded_buckets import hard_coded_buckets
from seatrial.dataflow.checks.implausible_content import implausible_content
from seatrial.dataflow.checks.implausible_producers import implausible_producers
from seatrial.dataflow.checks.json_paths import json_paths
from seatrial.dataflow.checks.literal_paths import literal_paths
from seatrial.dataflow.checks.lost_data import lost_data
from seatrial.dataflow.checks.neighbours import neighbours
from seatrial.dataflow.checks.outside_prefix import observed_outside_prefix, planned_outside_prefix
from seatrial.dataflow.checks.property_files import property_files
from seatrial.dataflow.checks.schema_drift import schema_drift
from seatrial.dataflow.checks.script_contracts import observed_contracts, planned_contracts
from seatrial.dataflow.checks.secrets import printed_secrets, told_secrets
from seatrial.dataflow.checks.stale_cache import stale_cache
from seatrial.dataflow.checks.undeclared_reads import undeclared_reads
from seatrial.dataflow.checks.undeclared_writes import undeclared_writes
from seatrial.dataflow.checks.unlike_names import not_as_named, parts_disagree
from seatrial.dataflow.checks.unopened_inputs import unopened_inputs
from seatrial.dataflow.checks.unordered_manifests import unordered_manifests
from seatrial.dataflow.checks.unordered_reads import unordered_reads
from seatrial.dataflow.flow import Flow, Plan
from seatrial.ports.findings import Finding


@dataclass(frozen=True)
class Check:
    """One question: what can be said before a run (`planned`), and what after it (`observed`)."""

    planned: Callable[[Plan], Iterable[Finding]] | None = None
    observed: Callable[[Flow], Iterable[Finding]] | None = None


CHECKS: dict[str, Check] = {
    "empty-outputs": Check(observed=empty_outputs),
    "absent-inputs": Check(observed=absent_inputs),
    "outside-prefix": Check(planned_outside_prefix, observed_outside_prefix),
    "collisions": Check(planned_collisions, observed_collisions),
    "foreign-objects": Check(observed=foreign_objects),
    "unordered-reads": Check(planned=unordered_reads, observed=unordered_manifests),
    "property-files": Check(observed=property_files),
    "lost-data": Check(observed=lost_data),
    "neighbours": Check(observed=neighbours),
    "empty-names": Check(planned=empty_names),
    "script-contracts": Check(planned_contracts, observed_contracts),
    "stale-cache": Check(observed=stale_cache),
    "undeclared-reads": Check(observed=undeclared_reads),
    "undeclared-writes": Check(observed=undeclared_writes),
    "early-reads": Check(observed=early_reads),
    "frozen-reads": Check(observed=frozen_reads),
    "changed-outputs": Check(observed=changed_outputs),
    "secrets": Check(told_secrets, printed_secrets),
    "hard-coded-buckets": Check(planned=hard_coded_buckets),
    "literal-paths": Check(planned=literal_paths),
    "implausible-producers": Check(implausible_producers, implausible_content),
    "json-paths": Check(observed=json_paths),
    "unopened-inputs": Check(observed=unopened_inputs),
    "schema-drift": Check(observed=schema_drift),
    "content-contracts": Check(observed=content_contracts),
    "channels-agree": Check(observed=channels_agree),
    "empty-tables": Check(observed=empty_tables),
    "archive-members": Check(observed=archive_members),
    "parts-disagree": Check(observed=parts_disagree),
    "not-as-named": Check(observed=not_as_named),
    "denied-access": Check(planned_denials, observed_denials),
}
