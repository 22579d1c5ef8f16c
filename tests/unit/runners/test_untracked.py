"""What a container wrote outside its mounts: data is told, noise and mount points are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seatrial.runners.untracked import NOISE, untracked_files, written_by, written_in

MOUNTS = ("/opt/ml/processing/input", "/opt/ml/model/")


@pytest.mark.parametrize(
    "path",
    [
        "/tmp/scratch.bin",  # noqa: S108  # a path inside a container
        "/var/lib/dpkg/status",
        "/run/lock",
        "/root/.cache/pip/x",
        "/home/user/.config/matplotlib/fonts.json",
        "/root/.bash_history",
        "/opt/code/__pycache__/train.cpython-310.pyc",
        "/opt/code/train.pyc",
        "/usr/local/lib/python3.10/site-packages/new/__init__.py",
        "/usr/lib/libx.so",
        "/opt/python/bin/tool",
        "/etc/hosts",
        "/job/.ipynb_checkpoints/a.ipynb",
        "/opt/ml/model/model.bin",
        "/opt/ml/processing/input",
        "/opt/ml/processing",
    ],
)
def test_noise_and_mounts_are_not_told(path: str) -> None:
    assert untracked_files([(path, 1)], MOUNTS) == {}


@pytest.mark.parametrize(
    "path",
    [
        "/model.bin",
        "/opt/ml/modelling/x",
        "/opt/ml/processing/output/train.csv",
        "/root/results.csv",
        "/home/user/data.csv",
        "/var.csv",
        "/etc/app.conf",
        "/opt/program/state.db",
        "/srv/vary/run",
    ],
)
def test_data_is_told(path: str) -> None:
    assert untracked_files([(path, 7)], MOUNTS) == {path: 7}


def test_every_kind_of_noise_has_its_reason() -> None:
    assert all(reason for reason in NOISE.values())


def test_dockers_diff_lists_folders_and_deletions_which_are_no_data() -> None:
    changes = [
        {"Path": "/data", "Kind": 1},
        {"Path": "/data/a.csv", "Kind": 1},
        {"Path": "/etc", "Kind": 0},
        {"Path": "/etc/app.conf", "Kind": 0},
        {"Path": "/gone.txt", "Kind": 2},
    ]
    assert sorted(written_by(changes)) == [("/data/a.csv", -1), ("/etc/app.conf", -1)]


def test_storage_drivers_folder_tells_files_with_their_sizes(tmp_path: Path) -> None:
    (tmp_path / "data" / "empty").mkdir(parents=True)
    (tmp_path / "data" / "a.csv").write_text("12345")
    (tmp_path / "data" / "link").symlink_to("a.csv")
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "scratch").write_text("x")
    assert sorted(written_in(tmp_path, since=0.0)) == [("/data/a.csv", 5)]


def test_a_file_older_than_the_container_is_none_of_its_making(tmp_path: Path) -> None:
    for name, time in (("unpacked", 0.0), ("just-before", 99.9), ("made", 100.0)):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (time, time))
    assert list(written_in(tmp_path, since=100.0)) == [("/made", 1)]
