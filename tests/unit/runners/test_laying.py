"""What a killed process left mounted is found in the kernel's own table; nothing is mounted here."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.runners import kernel, laying
from seatrial.runners.laying import unmount_beneath

TABLE = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
60 22 0:50 / {state}/executions/e/a\\040b/work/1/merged rw shared:7 - overlay overlay rw,lowerdir=/l
61 22 0:51 / {state}/sight-x/work/merged rw - overlay overlay rw,lowerdir=/l
62 61 0:52 / {state}/sight-x/work/merged rw - overlay overlay rw,lowerdir=/l
63 22 254:1 / {state}/executions rw shared:9 - ext4 /dev/vdb rw
64 22 0:53 / {state}/theirs rw shared:10 - overlay overlay rw,lowerdir=/l
65 22 0:54 / {state}-of-another/work/merged rw - overlay overlay rw,lowerdir=/l
"""


@pytest.fixture
def taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was unmounted, by its path in the state folder."""
    table, taken = tmp_path / "mountinfo", list[str]()
    table.write_text(TABLE.format(state=tmp_path / "state"))
    monkeypatch.setattr(laying, "TABLE", table)
    monkeypatch.setattr(kernel, "unmount", taken.append)
    return taken


def test_overlays_of_ours_are_taken_away_the_last_one_first(taken_away: list[str], tmp_path: Path) -> None:
    state = tmp_path / "state"
    unmount_beneath(state)
    sight = str(state / "sight-x/work/merged")
    assert taken_away == [sight, sight, str(state / "executions/e/a b/work/1/merged")]


def test_where_the_system_has_no_such_table_nothing_is_taken_away(
    taken_away: list[str], tmp_path: Path
) -> None:
    (tmp_path / "mountinfo").unlink()
    unmount_beneath(tmp_path / "state")
    assert taken_away == []
