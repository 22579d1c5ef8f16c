"""A Docker Engine of a few dictionaries: what the images room calls of it, and a record of the calls."""

from __future__ import annotations

import hashlib
import tarfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import docker
from docker.errors import APIError, ImageNotFound
from requests import Response


def refusal(status: int, text: str) -> APIError:
    """An error as the engine answers it."""
    response = Response()
    response.status_code = status
    return APIError(text, response=response, explanation=text)


class Engine:
    """`there` are references, `registry` what a pull would find; `silent` registries never answer."""

    def __init__(
        self, there: tuple[str, ...] = (), registry: tuple[str, ...] = (), *, silent: bool = False
    ) -> None:
        self.there = {reference: _id(reference) for reference in there}
        self.registry = set(registry)
        self.built: list[str] = []
        self.arguments: dict[str, Mapping[str, str]] = {}
        self.contexts: dict[str, list[str]] = {}
        self.dockerfiles: dict[str, str] = {}
        self.in_use: set[str] = set()
        self.pruned: list[Mapping[str, object]] = []
        self.pulled: list[str] = []
        self.imported: list[str] = []
        self.removed: list[str] = []
        self.build_fails_with: str | None = None
        self.layers: tuple[str, ...] = ()
        self._never = threading.Event()
        self._silent = silent
        self.images = self.api = self

    @property
    def client(self) -> docker.DockerClient:
        """As the room's functions want it."""
        return cast("docker.DockerClient", self)

    def get(self, reference: str) -> Any:
        if reference not in self.there:
            raise ImageNotFound(f"no such image: {reference}")
        tags = [] if reference in self.layers else [reference]
        return SimpleNamespace(id=self.there[reference], tags=tags, tag=self._tag, attrs={"Size": 7})

    def build(self, **request: Any) -> Iterator[Mapping[str, str]]:
        with tarfile.open(fileobj=request["fileobj"]) as archive:
            self.contexts[request["tag"]] = archive.getnames()
        self.arguments[request["tag"]] = request["buildargs"]
        self.dockerfiles[request["tag"]] = request["dockerfile"]
        yield {"stream": "Step 1/2 : FROM somewhere\n"}
        for layer in self.layers:
            self.there[layer] = _id(layer)
            yield {"stream": f" ---> {layer}\n"}
        if self.build_fails_with:
            yield {"stream": "the line before the end\n"}
            yield {"error": self.build_fails_with}
        self.built.append(request["tag"])
        self.there[request["tag"]] = _id(request["tag"])

    def pull(self, reference: str, **options: Any) -> Iterator[Mapping[str, str]]:
        self.pulled.append(reference)
        if self._silent:
            self._never.wait(30)
        if reference not in self.registry:
            raise refusal(500, "no such host")
        self.there[reference] = _id(reference)
        yield {"status": "Downloading", "id": "layer"}

    def get_registry_data(self, reference: str) -> object:
        if self._silent:
            self._never.wait(30)
        if reference not in self.registry:
            raise refusal(404, "no such image")
        return object()

    def import_image(self, *, src: Any, repository: str, tag: str, changes: list[str]) -> None:
        self.imported.append(src.read().decode())
        self.there[f"{repository}:{tag}"] = _id(tag)

    def list(self, *, filters: Mapping[str, str]) -> Sequence[Any]:
        """Those whose name is like ours; two names of one content are one image."""
        by_id: dict[str, list[str]] = {}
        for reference, image in self.there.items():
            if reference.startswith("seatrial/"):
                by_id.setdefault(image, []).append(reference)
        return [SimpleNamespace(tags=tags) for tags in by_id.values()]

    def prune(self, *, filters: Mapping[str, object]) -> None:
        self.pruned.append(filters)

    def remove(self, reference: str) -> None:
        if reference in self.in_use:
            raise refusal(409, "a container uses it")
        self.removed.append(reference)
        del self.there[reference]

    def release(self) -> None:
        """Let the threads go that wait for a silent registry."""
        self._never.set()

    def _tag(self, repository: str, *, tag: str) -> None:
        self.there[f"{repository}:{tag}"] = _id(repository)


def _id(reference: str) -> str:
    return f"sha256:{hashlib.sha256(reference.encode()).hexdigest()}"
