"""Reading `seeds.toml` and `--seed`."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from seatrial.errors import RefusedError
from seatrial.ports.storage import S3Uri
from seatrial.storage import parse_seed, read_seeds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with some data in it."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "file.csv").write_text("1,2\n")
    return tmp_path


def seeds_file(folder: Path, text: str) -> Path:
    path = folder / "seeds.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_both_forms_are_read_relative_to_the_file(folder: Path) -> None:
    path = seeds_file(
        folder,
        '"s3://bucket/one" = "data/file.csv"\n\n["s3://bucket/two/"]  # comment\npath = "./data/raw"\n',
    )
    read = read_seeds(path)
    assert [(seed.uri, seed.path) for seed in read.seeds] == [
        (S3Uri("bucket", "one"), folder / "data" / "file.csv"),
        (S3Uri("bucket", "two/"), folder / "data" / "raw"),
    ]
    assert {seed.where for seed in read.seeds} == {str(path)}
    assert read.unfilled == ()


def test_an_entry_without_a_path_is_unfilled_and_no_error(folder: Path) -> None:
    read = read_seeds(seeds_file(folder, '["s3://b/1"]\n["s3://b/2"]\npath = ""\n'))
    assert read.seeds == ()
    assert read.unfilled == (S3Uri("b", "1"), S3Uri("b", "2"))


def test_a_missing_file_says_what_writes_it(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refusal:
        read_seeds(tmp_path / "seeds.toml")
    assert refusal.value.slug == "missing-seeds"
    assert "seatrial seed" in str(refusal.value.hint)
    assert refusal.value.exit_code == 2


def test_everything_wrong_is_said_at_once(folder: Path) -> None:
    text = (
        '"bucket/key" = "data"\n"s3://b/number" = 3\n"s3://b/gone" = "nowhere"\n'
        '["s3://b/more"]\npath = "data"\nfolder = "x"\n["s3://b/good"]\npath = "data"\n'
    )
    with pytest.raises(RefusedError) as refusal:
        read_seeds(seeds_file(folder, text))
    message = refusal.value.message
    for part in (
        "not an S3 URI: 'bucket/key'",
        "s3://b/number: expected",
        "there is no nowhere",
        "unknown folder",
    ):
        assert part in message
    assert "good" not in message


@pytest.mark.parametrize("text", ["[", '"a" = ', '["s3://b/k"]\n["s3://b/k"]\n', "\0"])
def test_what_is_not_toml_is_refused_with_its_place(folder: Path, text: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        read_seeds(seeds_file(folder, text))
    assert refusal.value.slug == "invalid-seeds"
    assert refusal.value.where == str(folder / "seeds.toml")


def test_what_is_not_text_is_refused(folder: Path) -> None:
    (folder / "seeds.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RefusedError):
        read_seeds(folder / "seeds.toml")


def test_an_argument_names_a_prefix_and_what_it_holds(folder: Path) -> None:
    seed = parse_seed("s3://bucket/prefix=data/raw", base=folder)
    assert (seed.uri, seed.path) == (S3Uri("bucket", "prefix"), folder / "data" / "raw")


@pytest.mark.parametrize(
    "text", ["", "s3://b/k", "s3://b/k=", "=data", "s3://b/k=nowhere", "bucket/k=data", "file:///x=data"]
)
def test_an_argument_that_names_nothing_is_refused_with_the_right_form(folder: Path, text: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        parse_seed(text, base=folder)
    assert refusal.value.slug == "invalid-seed"
    assert "s3://bucket/prefix" in str(refusal.value.hint)


NAME = st.text("ab=é -", min_size=1, max_size=6).filter(lambda name: name.strip() == name)


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.lists(NAME, min_size=1, max_size=3).map("/".join), name=NAME)
def test_equal_signs_in_key_and_path_do_not_confuse(tmp_path: Path, key: str, name: str) -> None:
    file = tmp_path / "exists" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("x")
    seed = parse_seed(f"s3://bucket/{key}=exists/{name}", base=tmp_path)
    assert (seed.uri, seed.path) == (S3Uri("bucket", key), file)
