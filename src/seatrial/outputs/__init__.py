"""The registry of outputs, made of what jobs really wrote; must not know how a job runs or who judges it."""

from __future__ import annotations

from seatrial.outputs.agreement import Agreement, agreement_of
from seatrial.outputs.contents import Contents, StoredContents
from seatrial.outputs.declared import DeclaredOutput, declared_outputs
from seatrial.outputs.download import download, read_output_name
from seatrial.outputs.expressions import Known, Text, known_of, text_of
from seatrial.outputs.info import ExecutionMetadata, S3OutputInfo
from seatrial.outputs.manifest import load_manifest, manifest_uri, save_manifest
from seatrial.outputs.origins import Origin, engines_by_step, origin_of
from seatrial.outputs.planned import registry_of_definition
from seatrial.outputs.receipts import objects_of, registry_of
from seatrial.outputs.registry import S3OutputPathRegistry
from seatrial.outputs.sides import Difference, Side, side_of

__all__ = [
    "Agreement",
    "Contents",
    "DeclaredOutput",
    "Difference",
    "ExecutionMetadata",
    "Known",
    "Origin",
    "S3OutputInfo",
    "S3OutputPathRegistry",
    "Side",
    "StoredContents",
    "Text",
    "agreement_of",
    "declared_outputs",
    "download",
    "engines_by_step",
    "known_of",
    "load_manifest",
    "manifest_uri",
    "objects_of",
    "origin_of",
    "read_output_name",
    "registry_of",
    "registry_of_definition",
    "save_manifest",
    "side_of",
    "text_of",
]
