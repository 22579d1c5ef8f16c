"""What the machine is said to be."""

from __future__ import annotations

from pathlib import Path

from benchmarks.machine import file_system_of

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /tmp rw,nosuid shared:5 - tmpfs tmpfs rw
"""


def test_the_file_system_is_that_of_the_nearest_mount() -> None:
    assert file_system_of(Path("/tmp/some/folder"), MOUNTS) == "tmpfs"  # noqa: S108  # a name, not a file
    assert file_system_of(Path("/var/lib"), MOUNTS) == "ext4"
