"""What Docker Engine sees of a folder of ours, and we of its containers: found out by trying; starts nothing.

The engine may run on another machine or see other files under the same path; it may not be able to lay one
folder over another; what is opened in a container may be hidden from us. So a container is made (and never
started) and asked for a file of a random name, which the engine opens for us as a process in it would.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from docker.api import APIClient
from docker.errors import APIError, ImageNotFound
from docker.types import Mount as DockerMount

from seatrial.ports.runners import Mount
from seatrial.runners.labels import LABEL, RUNNER_LABEL
from seatrial.runners.laying import OverlayError, laid
from seatrial.runners.openings import LOST_SIGHT, Openings, why_not
from seatrial.runners.places import place_of
from seatrial.runners.removal import remove
from seatrial.runners.trees import remove_tree
from seatrial.runners.ways import Way, can_be_overlaid, docker_mount, is_rootless, remove_work

_PLACE = "/seatrial"
# Those whose containers are processes of the engine's own kernel, by the names that engines know them by.
_PLAIN_RUNTIMES = frozenset({"runc", "crun", "io.containerd.runc.v2", "nvidia"})
_UNSEEN_IN_OVERLAYS = (
    "Docker Engine mounts the folders, and what is opened there only root of its own machine can see"
)
_UNSEEN_ELSEWHERE = "Docker Engine does not see our files, nor we those of its containers"
_NOT_TOLD = "this kernel does not tell of files that containers open"


@dataclass(frozen=True)
class Sight:
    """How folders get into containers, and why the files that are opened there are not seen, if so."""

    way: Way
    unseen: str | None = None


def sight_of(way: Way) -> Sight:
    """What is seen where the way is given."""
    return Sight(way, {Way.OVERLAY: _UNSEEN_IN_OVERLAYS, Way.ARCHIVE: _UNSEEN_ELSEWHERE}.get(way))


def find_way(api: APIClient, image: str, folder: Path) -> Way:
    """The best way for what lies in `folder`; the image only has to be there."""
    return find_sight(api, image, folder).way


def find_sight(api: APIClient, image: str, folder: Path) -> Sight:
    """The best way, and what is seen in it; the folder may be yet to be made."""
    there = next(place for place in (folder, *folder.parents) if place.is_dir())
    place = Path(tempfile.mkdtemp(prefix="sight-", dir=there))
    try:
        mount = _trial_mount(place)
        return _try_in_turn(api, image, mount, overlays=can_be_overlaid(place) and not is_rootless(api))
    finally:
        remove_work(place / "work")
        remove_tree(place)


def _try_in_turn(api: APIClient, image: str, mount: Mount, *, overlays: bool) -> Sight:
    if overlays and (mounted := _mounted(api, image, mount)):
        return mounted
    if overlays and _overlays(api, image, mount):
        return sight_of(Way.OVERLAY)
    bound = Mount(_lower(mount), _PLACE)
    return _opened(api, image, Way.BIND, bound, mount) or sight_of(Way.ARCHIVE)


def _trial_mount(place: Path) -> Mount:
    mount = Mount(place / "upper", _PLACE, lower=place / "lower", work=place / "work")
    for folder in (place / "lower", place / "upper"):
        folder.mkdir()
    # Not empty: the engine opens no file that has nothing to read.
    (place / "lower" / secrets.token_hex(16)).write_text("seen")
    return mount


def _mounted(api: APIClient, image: str, mount: Mount) -> Sight | None:
    """What is seen through an overlay of ours, None where we may mount none or the engine does not see it."""
    try:
        with laid([mount]):
            return _opened(api, image, Way.MOUNTED, mount, mount) if _is_writable(mount) else None
    except OverlayError:
        return None


def _is_writable(mount: Mount) -> bool:
    """Whether it can be written to: then the kernel made a folder of its own in `work`."""
    return mount.work is not None and (mount.work / "work").is_dir()


def _opened(api: APIClient, image: str, way: Way, tried: Mount, mount: Mount) -> Sight | None:
    """What is seen of the file that the engine opens; None if the engine does not see it itself."""
    names = [f"{_PLACE}/{path.name}" for path in _lower(mount).iterdir()]
    try:
        openings = Openings(names, lambda inside: place_of([tried], way, inside))
    except OSError as trouble:
        return Sight(way, why_not(trouble)) if _has_all(api, image, docker_mount(tried, way), names) else None
    seen = _has_all(api, image, docker_mount(tried, way), names)
    unopened = openings.finish()
    if not seen:
        return None
    return Sight(
        way, _strange_runtime(api) or (_NOT_TOLD if unopened else LOST_SIGHT if unopened is None else None)
    )


def _strange_runtime(api: APIClient) -> str | None:
    """Containers that are machines of their own, or have a kernel of their own, open files in there."""
    runtime = str(api.info().get("DefaultRuntime") or "runc")
    if runtime in _PLAIN_RUNTIMES:
        return None
    return f"containers are run by {runtime}, and what they open is not seen from outside"


def _overlays(api: APIClient, image: str, mount: Mount) -> bool:
    """Whether the engine lays it over, and it can be written to."""
    names = [f"{_PLACE}/{path.name}" for path in _lower(mount).iterdir()]
    return _has_all(api, image, docker_mount(mount, Way.OVERLAY), names) and _is_writable(mount)


def _lower(mount: Mount) -> Path:
    if mount.lower is None:
        raise ValueError(f"{mount.target} lies over nothing")
    return mount.lower


def _has_all(api: APIClient, image: str, tried: DockerMount, names: list[str]) -> bool:
    """Whether a container with this mount has the files."""
    try:
        with _created(api, image, tried) as container:
            return all(_reads(api, container, name) for name in names)
    except ImageNotFound:
        raise
    except APIError:  # no such path over there, or no such kind of mount
        return False


@contextmanager
def _created(api: APIClient, image: str, mount: DockerMount) -> Iterator[str]:
    made = api.create_container(
        image,
        command=["true"],
        labels={LABEL: "helper", RUNNER_LABEL: "helper"},
        host_config=api.create_host_config(mounts=[mount], network_mode="none"),
        use_config_proxy=False,
    )
    try:
        yield str(made["Id"])
    finally:
        remove(api, str(made["Id"]))


def _reads(api: APIClient, container: str, path: str) -> bool:
    """Docker mounts everything for this question, as it does for a start, and opens the file."""
    url = f"{api.base_url}/v{api.api_version}/containers/{container}/archive"
    with api.get(url, params={"path": path}, timeout=api.timeout) as answer:
        return bool(answer.ok and answer.content)
