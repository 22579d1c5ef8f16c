"""Looking into objects: only what was written, never what has replaced it."""

from __future__ import annotations

import hashlib
import io
import tarfile

from seatrial.errors import ContainerError
from seatrial.outputs import StoredContents
from seatrial.ports.jobs import ArchiveMember
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore

PLACE = S3Uri("bucket", "a/model.tar.gz")


def an_archive(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in files.items():
            entry = tarfile.TarInfo(f"./{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def test_an_object_is_told_by_its_digest() -> None:
    store = MemoryStore()
    stored = store.write(PLACE, b"ahoy")

    assert StoredContents(lambda: store).digest(stored) == hashlib.sha256(b"ahoy").hexdigest()


def test_an_archive_is_told_by_its_files() -> None:
    store = MemoryStore()
    stored = store.write(PLACE, an_archive(model=b"ahoy"))

    assert StoredContents(lambda: store).members(stored) == (
        ArchiveMember("model", 4, hashlib.sha256(b"ahoy").hexdigest()),
    )


def test_links_and_names_that_come_twice_are_told_too() -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for data in (b"ahoy", b"avast"):
            entry = tarfile.TarInfo("model")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for name, kind, target in (
            ("./latest", tarfile.SYMTYPE, "model"),
            ("./same", tarfile.LNKTYPE, "model"),
            ("./lost", tarfile.LNKTYPE, "nowhere"),
            ("./pipe", tarfile.FIFOTYPE, ""),
        ):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, target
            archive.addfile(entry)
    store = MemoryStore()

    found = StoredContents(lambda: store).members(store.write(PLACE, packed.getvalue()))

    avast = hashlib.sha256(b"avast").hexdigest()
    assert found == (
        ArchiveMember("model", 4, hashlib.sha256(b"ahoy").hexdigest()),
        ArchiveMember("model", 5, avast),
        ArchiveMember("latest", 0, "", "symbolic link", "model"),
        ArchiveMember("same", 5, avast, "hard link", "model"),
        ArchiveMember("lost", 0, "", "hard link", "nowhere"),
        ArchiveMember("pipe", 0, "", "device"),
    )


def test_what_is_no_archive_has_no_members_to_tell() -> None:
    store = MemoryStore()

    whole = an_archive(model=b"ahoy")
    garbled = whole[:20] + bytes(byte ^ 0xFF for byte in whole[20:40]) + whole[40:]
    for data in (b"ahoy", whole[:-20], garbled):
        assert StoredContents(lambda: store).members(store.write(PLACE, data)) is None


def test_what_was_replaced_or_removed_is_not_known_any_more() -> None:
    store = MemoryStore()
    stored = store.write(PLACE, b"ahoy")
    contents = StoredContents(lambda: store)

    store.write(PLACE, b"avast")
    assert contents.digest(stored) is None
    store.delete([PLACE])
    assert contents.digest(stored) is None
    assert contents.members(stored) is None


def test_a_small_text_can_be_read_and_nothing_else() -> None:
    store = MemoryStore()
    contents = StoredContents(lambda: store)

    assert contents.text(store.write(PLACE, "größe".encode())) == "größe"
    assert contents.text(store.write(PLACE, b"\xff\xfe")) is None
    assert contents.text(store.write(PLACE, b"a" * 2_000_000)) is None


def test_without_a_store_nothing_is_known() -> None:
    stored = MemoryStore().write(PLACE, b"ahoy")

    def no_docker() -> MemoryStore:
        raise ContainerError("Docker does not answer", slug="docker-not-running")

    for contents in (StoredContents(lambda: None), StoredContents(no_docker)):
        assert (contents.digest(stored), contents.members(stored), contents.text(stored)) == (
            None,
            None,
            None,
        )
