"""Lets boto3 older than 1.28, which knows no endpoint variable, find the object store as well.

Such a botocore reads `endpoints.json` from the folders in `AWS_DATA_PATH`, and how to address buckets from
its configuration file alone. Both are put into the container. The file is the one of the botocore that is
installed here, with S3's host replaced, so that regions and every other service stay as they are; newer
versions see the same address by either way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.loaders import Loader

CONTAINER_FOLDER = "/opt/seatrial/aws"
ENVIRONMENT = {
    "AWS_DATA_PATH": f"{CONTAINER_FOLDER}/models",
    "AWS_CONFIG_FILE": f"{CONTAINER_FOLDER}/config",
}
_CONFIG = "[default]\ns3 =\n    addressing_style = path\n"


def write_client_files(folder: Path, endpoint_url: str) -> None:
    """Fill the folder that is seen as `CONTAINER_FOLDER`; readable for whatever user the image runs as."""
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "endpoints.json").write_text(_endpoints(endpoint_url))
    (folder / "config").write_text(_CONFIG)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


@lru_cache(maxsize=4)
def _endpoints(endpoint_url: str) -> str:
    """The whole catalogue as text: the same for every job on one store."""
    address = urlsplit(endpoint_url)
    catalogue: dict[str, Any] = Loader().load_data("endpoints")
    for service in _s3_services(catalogue):
        service["defaults"] = {"protocols": [address.scheme], "signatureVersions": ["s3v4"]}
        service["defaults"]["hostname"] = address.netloc
        service["endpoints"] = {
            region: {
                "hostname": address.netloc,
                **{key: value for key, value in known.items() if key == "credentialScope"},
            }
            for region, known in service.get("endpoints", {}).items()
        }
    return json.dumps(catalogue)


def _s3_services(catalogue: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """S3 as every partition describes it."""
    for partition in catalogue["partitions"]:
        if "s3" in partition["services"]:
            yield partition["services"]["s3"]
