"""What is taken away, and what has to go before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.app import cleaning


def test_nothing_is_removed_through_what_a_killed_process_left_mounted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sight-x").mkdir()
    asked: list[bool] = []
    monkeypatch.setattr(cleaning, "unmount_beneath", lambda folder: asked.append(folder.is_dir()))
    cleaning.remove_state(tmp_path, lambda folder: asked.append(True))
    assert asked == [True, True]
    assert not tmp_path.exists()
