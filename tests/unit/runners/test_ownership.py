"""Whose files they are: links are looked at, never followed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seatrial.runners.ownership import has_foreign_entries, take


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder of our own with a link that leads to somebody else's file."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "file").touch()
    (tmp_path / "link").symlink_to("/proc/1/status" if os.getuid() else "/nowhere")
    (tmp_path / "around").symlink_to(tmp_path)
    return tmp_path


def test_own_tree_has_nothing_foreign(tree: Path) -> None:
    assert not has_foreign_entries(tree)


def test_taking_what_is_ours_already_changes_nothing(tree: Path) -> None:
    before = sorted((path, path.lstat().st_ctime_ns) for path in tree.rglob("*"))
    take(tree)
    assert sorted((path, path.lstat().st_ctime_ns) for path in tree.rglob("*")) == before
