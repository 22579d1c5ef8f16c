"""Where objects under a prefix land: the service's rules, and that nothing ever leaves the input's folder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.native.prefix import KeyClashError, UnsafeKeyError, place, relative_name
from seatrial.ports.storage import StoredObject

KEYS = st.text(alphabet="ab-/.é ", max_size=12)


def stored(key: str, size: int = 1) -> StoredObject:
    return StoredObject("bucket", key, size, "etag")


@pytest.mark.parametrize(
    ("prefix", "key", "name"),
    [
        ("data/train/", "data/train/a.csv", "a.csv"),
        ("data/train/", "data/train/sub/a.csv", "sub/a.csv"),
        ("data/train", "data/train/a.csv", "a.csv"),
        ("data/train", "data/train-data.csv", "train-data.csv"),
        ("data/train", "data/train-sets/a.csv", "train-sets/a.csv"),
        ("data/train.csv", "data/train.csv", "train.csv"),
        ("data/train.csv", "data/train.csv.bak", "train.csv.bak"),
        ("", "data/train.csv", "data/train.csv"),
        ("tr", "train.csv", "train.csv"),
        ("train.csv", "train.csv", "train.csv"),
    ],
)
def test_a_key_keeps_what_the_prefix_does_not_name(prefix: str, key: str, name: str) -> None:
    assert relative_name(prefix, key) == name


@given(prefix=KEYS, rest=KEYS)
def test_a_key_under_a_folder_loses_exactly_the_folder(prefix: str, rest: str) -> None:
    folder = prefix if prefix.endswith("/") or not prefix else prefix + "/"
    assert relative_name(prefix, folder + rest) == rest


@given(
    prefix=KEYS.filter(lambda text: not text.endswith("/")), rest=KEYS.filter(lambda text: text[:1] != "/")
)
def test_a_partial_match_keeps_its_last_component_whole(prefix: str, rest: str) -> None:
    name = relative_name(prefix, prefix + rest)
    if prefix:
        assert (prefix + rest).endswith(name)
        assert "/" not in prefix[len(prefix + rest) - len(name) :]
    else:
        assert name == rest


@given(prefix=KEYS, rests=st.lists(KEYS, max_size=6, unique=True))
def test_every_object_gets_a_path_of_its_own_below_the_folder_or_all_are_refused(
    prefix: str, rests: list[str]
) -> None:
    objects = [stored(prefix + rest, size=0 if rest.endswith("/") else 1) for rest in rests if prefix + rest]
    try:
        placements = place(prefix, objects)
    except (KeyClashError, UnsafeKeyError):
        return
    assert [placement.source for placement in placements] == objects
    files = [placement.path for placement in placements if not placement.folder]
    assert len(set(files)) == len(files)
    for placement in placements:
        assert not placement.path.startswith("/")
        assert not {"", ".", ".."} & set(placement.path.split("/")) or placement.path == ""
    for file in files:
        assert not any(other.startswith(f"{file}/") for other in files)


@pytest.mark.parametrize(
    "key", ["in/../secret", "in/..", "in/sub/../../x", "in/./x", "in/nul\0byte"], ids=lambda key: repr(key)
)
def test_a_key_that_would_leave_the_folder_is_refused(key: str) -> None:
    with pytest.raises(UnsafeKeyError):
        place("in/", [stored(key)])


def test_a_key_with_a_leading_slash_stays_inside() -> None:
    assert place("in/", [stored("in//etc/passwd")])[0].path == "etc/passwd"


def test_an_empty_folder_key_is_a_folder() -> None:
    placements = place("in/", [stored("in/", 0), stored("in/sub/", 0), stored("in/sub/a")])
    assert [(item.path, item.folder) for item in placements] == [
        ("", True),
        ("sub", True),
        ("sub/a", False),
    ]


def test_a_folder_key_with_content_is_refused_and_not_dropped() -> None:
    with pytest.raises(UnsafeKeyError, match="7 bytes"):
        place("in/", [stored("in/sub/", 7)])


@pytest.mark.parametrize(
    "keys",
    [
        ("in/a", "in/a/b"),
        ("in/a/b", "in/a"),
        ("in/a//b", "in/a/b"),
    ],
)
def test_an_object_that_is_both_file_and_folder_is_refused(keys: tuple[str, str]) -> None:
    with pytest.raises(KeyClashError):
        place("in/", [stored(key) for key in keys])


def test_keys_that_land_on_one_name_are_refused() -> None:
    with pytest.raises(KeyClashError, match=r"data/train-x.*data/train/train-x"):
        place("data/train", [stored("data/train-x"), stored("data/train/train-x")])
