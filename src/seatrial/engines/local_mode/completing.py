"""One member that local mode leaves out and the service's XGBoost images cannot do without.

Without `S3DistributionType` in `inputdataconfig.json` they end with a KeyError before they train, so that an
algorithm without a script could not run at all. Nothing else that local mode writes is touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_FILE = "input/config/inputdataconfig.json"
# Local mode takes no other.
_DISTRIBUTION = {"S3DistributionType": "FullyReplicated"}


@contextmanager
def completed_channels() -> Iterator[None]:
    """Local mode's own method, and then ours, for every training inside."""
    # Only the job's own process imports it: it is optional, and slow.
    import sagemaker.local.image

    containers: Any = sagemaker.local.image._SageMakerContainer
    write = containers.write_config_files

    def write_and_complete(
        container: Any, host: str, hyperparameters: Mapping[str, Any], channels: Sequence[Mapping[str, Any]]
    ) -> None:
        write(container, host, hyperparameters, channels)
        complete(Path(container.container_root) / host / _FILE)

    containers.write_config_files = write_and_complete
    try:
        yield
    finally:
        containers.write_config_files = write


def complete(file: Path) -> None:
    """Give each channel the member, unless it is there."""
    channels = json.loads(file.read_text(encoding="utf-8"))
    text = json.dumps({name: {**_DISTRIBUTION, **channel} for name, channel in channels.items()})
    file.write_text(text, encoding="utf-8")
