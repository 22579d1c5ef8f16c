"""Tables of settings about this machine: the store, image builds, what nobody can confirm of the service."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ByteSize, ConfigDict, Field, SecretStr


class StoreSettings(BaseModel):
    """The object store; with `endpoint_url` set, that one is used and none is started."""

    model_config = ConfigDict(extra="forbid")

    endpoint_url: str | None = Field(None, description="an S3 endpoint to use instead of our own MinIO")
    container_endpoint_url: str | None = Field(
        None, description="the same endpoint as containers reach it, where that differs"
    )
    network: str | None = Field(None, description="the Docker network on which containers reach the endpoint")
    access_key: str | None = Field(None, description="the key of that endpoint")
    secret_key: SecretStr | None = Field(
        None, description="its secret; better in the environment than in a file"
    )
    own_keys_in_jobs: bool = Field(
        False,
        description="hand the store's own keys to jobs where the endpoint has no STS; a job can then touch "
        "all that they can",
    )
    cache_limit: ByteSize = Field(
        ByteSize(20 * 10**9), description="how much the content cache may hold, such as `20GB`", ge=0
    )


class BuildSettings(BaseModel):
    """Image builds behind a proxy."""

    model_config = ConfigDict(extra="forbid")

    ca_bundle: Path | None = Field(None, description="PEM file that pip trusts during image builds")
    index_url: str | None = Field(None, description="package index for pip during image builds")
    pull: bool = Field(True, description="try to pull public images before building stand-ins")


class FidelitySettings(BaseModel):
    """Behaviours of the service that nobody outside it can confirm; `docs/fidelity.md` lists them."""

    model_config = ConfigDict(extra="forbid")

    start_independent_steps: bool = Field(
        True, description="after a failure, steps that do not depend on it still start"
    )
    upload_outputs_on_failure: bool = Field(
        False, description="a failed job's EndOfJob outputs and archives are uploaded all the same"
    )
    processing_timeout_status: Literal["Stopped", "Failed"] = Field(
        "Failed", description="terminal status of a processing job that ran past MaxRuntimeInSeconds"
    )
    retry_service_faults: bool = Field(
        False,
        description="a step without a policy for it is tried again up to 5 times, after 1 s, 2 s …, when "
        "Docker or the store does not answer; the service does so for its own faults",
    )
    manifest_names: Literal["relative", "whole-key"] = Field(
        "relative",
        description="what the files of a `ManifestFile` input are called: by what follows the prefix in "
        "their keys, or by the whole key, as one published run had it",
    )
    set_default_region: bool = Field(
        True, description="set AWS_DEFAULT_REGION in containers, which the service was not seen to do"
    )
    transform_ping_seconds: float = Field(
        240.0, ge=0, description="how long a transform's container may take to answer `/ping`"
    )
    transform_slices_include_end: bool = Field(
        False,
        description="`$[1:3]` of a transform's filters takes position 3 as well, as the guide's text says",
    )
