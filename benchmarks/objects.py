"""Fresh objects in the store, and what plain tools need to move them; knows neither side.

Every repetition reads objects that were never there before, so no cache can hold them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from minio import Minio
from minio.deleteobjects import DeleteObject

from benchmarks.timing import timed
from seatrial.ports.storage import StoreAddress

BUCKET = "bench"
_AT_ONCE = 4
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Data:
    """So many files of so many bytes."""

    files: int
    size: int


@dataclass(frozen=True)
class Copies:
    """Seconds that plain tools took."""

    down: float
    up: float
    disk: float


class Objects:
    """The bench's own bucket."""

    def __init__(self, address: StoreAddress) -> None:
        self._client = Minio(
            urlsplit(address.endpoint_url).netloc,
            access_key=address.credentials.access_key,
            secret_key=address.credentials.secret_key,
            secure=False,
            region=address.region,
        )
        self._client.make_bucket(BUCKET)

    def put(self, folder: Path, prefix: str) -> str:
        """Upload the folder's files; their common S3 URI."""
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            sent = [
                threads.submit(self._client.fput_object, BUCKET, f"{prefix}/{file.name}", str(file))
                for file in folder.iterdir()
            ]
        for each in sent:
            each.result()
        return f"s3://{BUCKET}/{prefix}/"

    def clear(self) -> None:
        """Remove every object, so that the disk does not fill up."""
        found = self._client.list_objects(BUCKET, recursive=True)
        refused = self._client.remove_objects(BUCKET, [DeleteObject(each.object_name) for each in found])
        if list(refused):
            raise RuntimeError("the store did not remove the bench's objects")

    def curl(self, prefix: str, folder: Path) -> Copies:
        """Bring all beneath the prefix down, copy it on disk, and send it up again: a process for each."""
        names = [each.object_name for each in self._client.list_objects(BUCKET, f"{prefix}/", recursive=True)]
        here, copy = folder / "down", folder / "copy"
        here.mkdir()
        down, up = [], []
        for number, name in enumerate(names):
            url = self._client.presigned_get_object(BUCKET, name)
            down += [f'url = "{url}"', f'output = "{here / str(number)}"']
            url = self._client.presigned_put_object(BUCKET, f"{prefix}-again/{number}")
            up += [f'url = "{url}"', f'upload-file = "{copy / str(number)}"']
        return Copies(
            down=_curl(folder / "down.txt", down),
            disk=_command("cp", "-r", str(here), str(copy)),
            up=_curl(folder / "up.txt", up),
        )


def _curl(options: Path, lines: list[str]) -> float:
    """Many transfers over one connection; the options are in a file, as there may be thousands."""
    options.write_text("\n".join(lines))
    if shutil.which("curl") is None:
        raise SystemExit("the bench compares with curl, which is not there: apt-get install curl")
    return _command("curl", "--silent", "--show-error", "--fail", "--config", str(options))


def _command(program: str, *arguments: str) -> float:
    path = shutil.which(program)
    if path is None:
        raise RuntimeError(f"{program} is needed to compare with, and is not installed")
    with timed() as watch:
        subprocess.run([path, *arguments], check=True, stdout=subprocess.DEVNULL)
    return watch.seconds


def write_data(folder: Path, data: Data) -> None:
    """Fill the new folder with files of random bytes, no two alike, and let the disk come to rest."""
    folder.mkdir(parents=True)
    for number in range(data.files):
        with (folder / f"part-{number:05}").open("wb") as file:
            for begun in range(0, data.size, _BLOCK):
                file.write(os.urandom(min(_BLOCK, data.size - begun)))
    settle()


def settle() -> None:
    """Write out what the system still holds back: the next measurement shall not pay for it."""
    os.sync()
