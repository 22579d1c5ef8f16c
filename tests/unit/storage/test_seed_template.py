"""Writing `seeds.toml` without taking anything from its user."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from seatrial.errors import RefusedError
from seatrial.ports.storage import S3Uri
from seatrial.storage import WantedSeed, read_seeds, write_seeds
from seatrial.storage.seeds import parse_toml


def wanted(uri: str, *readers: str, path: str | None = None) -> WantedSeed:
    return WantedSeed(S3Uri.parse(uri), readers, path)


def test_a_new_file_lists_each_input_with_who_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "seeds.toml"
    inputs = [wanted("s3://prod/raw/", "Preprocess (raw)", "Train (x)"), wanted("s3://prod/model.tar.gz")]
    assert write_seeds(path, inputs) == [each.uri for each in inputs]
    text = path.read_text()
    assert '# read by Preprocess (raw), Train (x)\n["s3://prod/raw/"]\n# path = ' in text
    assert read_seeds(path).unfilled == tuple(each.uri for each in inputs)


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "seeds.toml"
    inputs = [wanted("s3://prod/raw/", "Preprocess")]
    write_seeds(path, inputs)
    before = path.read_bytes()
    assert write_seeds(path, inputs) == []
    assert path.read_bytes() == before


def test_what_the_user_wrote_stays(tmp_path: Path) -> None:
    path = tmp_path / "seeds.toml"
    mine = "# mine\n\"s3://b/flat\" = \"data\"   # keep\n\n  ['s3://b/table']\n  path = 'other' # keep\n"
    path.write_text(mine)
    changed = write_seeds(
        path,
        [
            wanted("s3://b/flat", path="no"),
            wanted("s3://b/table", path="no"),
            wanted("s3://b/new", path="yes"),
        ],
    )
    assert changed == [S3Uri("b", "new")]
    assert path.read_text().startswith(mine)
    assert parse_toml(path.read_text())["s3://b/new"] == {"path": "yes"}


def test_an_entry_without_a_path_is_filled_in_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "seeds.toml"
    write_seeds(path, [wanted("s3://b/1", "A"), wanted("s3://b/2", "B"), wanted("s3://b/3", "C")])
    path.write_text(path.read_text() + '\n["s3://b/4"]\npath = ""\n["s3://b/5"]\n# mine\n')
    filled = [wanted(f"s3://b/{number}", path=f"data/{number}") for number in (2, 4, 5)]
    assert write_seeds(path, filled) == [each.uri for each in filled]
    assert parse_toml(path.read_text()) == {
        "s3://b/1": {},
        "s3://b/2": {"path": "data/2"},
        "s3://b/3": {},
        "s3://b/4": {"path": "data/4"},
        "s3://b/5": {"path": "data/5"},
    }
    assert "# read by B" in path.read_text()
    assert "# mine" in path.read_text()


def test_line_ends_and_odd_separators_of_the_user_stay(tmp_path: Path) -> None:
    path = tmp_path / "seeds.toml"
    mine = b'["s3://b/1"]\r\npath = "with\xe2\x80\xa8separator"\r\n'
    path.write_bytes(mine)
    write_seeds(path, [wanted("s3://b/2")])
    assert path.read_bytes().startswith(mine)
    assert parse_toml(path.read_text(encoding="utf-8"))["s3://b/1"] == {"path": "with\u2028separator"}


def test_an_entry_that_cannot_be_filled_in_is_said_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "seeds.toml"
    path.write_text('"s3://b/flat" = ""\n')
    with pytest.raises(RefusedError) as refusal:
        write_seeds(path, [wanted("s3://b/flat", path="data")])
    assert refusal.value.hint
    assert path.read_text() == '"s3://b/flat" = ""\n'


def test_a_file_that_is_no_toml_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "seeds.toml"
    path.write_text("[broken")
    with pytest.raises(RefusedError):
        write_seeds(path, [wanted("s3://b/new")])
    assert path.read_text() == "[broken"


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=st.dictionaries(ANY, st.one_of(st.none(), ANY.filter(bool)), min_size=1, max_size=5),
    readers=st.lists(ANY, max_size=2),
)
def test_whatever_is_written_is_read_back(
    tmp_path: Path, entries: dict[str, str | None], readers: list[str]
) -> None:
    path = tmp_path / "seeds.toml"
    path.unlink(missing_ok=True)
    write_seeds(path, [WantedSeed(S3Uri("b", key)) for key in entries])
    write_seeds(path, [WantedSeed(S3Uri("b", key), tuple(readers), local) for key, local in entries.items()])
    expected = {f"s3://b/{key}": {"path": local} if local else {} for key, local in entries.items()}
    assert parse_toml(path.read_text(encoding="utf-8")) == expected
