"""An image URI taken apart; knows nothing of what is there to run."""

from __future__ import annotations

import re
from dataclasses import dataclass

ECR = re.compile(r"(?P<account>\d{12})\.dkr\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
PUBLIC_ECR = "public.ecr.aws"
DOCKER_HUB = "docker.io"


@dataclass(frozen=True)
class ImageUri:
    """`[registry/]repository[:tag][@digest]`; a registry left out is Docker Hub, as for Docker itself."""

    text: str
    registry: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    @classmethod
    def parse(cls, text: str) -> ImageUri:
        """By Docker's own rule the first part is a registry if it has a dot or colon, or is localhost."""
        rest, _, digest = text.partition("@")
        first, slash, remainder = rest.partition("/")
        if slash and ("." in first or ":" in first or first == "localhost"):
            registry, path = first, remainder
        else:
            registry, path = DOCKER_HUB, rest
        repository, _, tag = path.partition(":")
        return cls(text, registry, repository, tag or None, digest or None)

    @property
    def is_ecr(self) -> bool:
        """Whether it is in some AWS account's private registry: no pull without credentials."""
        return ECR.fullmatch(self.registry) is not None

    @property
    def is_aws(self) -> bool:
        """Whether AWS serves it, from a private registry or the public gallery."""
        return self.is_ecr or self.registry == PUBLIC_ECR

    @property
    def name(self) -> str:
        """The last part of the repository: `sagemaker-xgboost`."""
        return self.repository.rpartition("/")[2]
