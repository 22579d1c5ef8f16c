"""What is read of the machine and of a process."""

from __future__ import annotations

from pathlib import Path

from benchmarks.machine import file_system_of
from benchmarks.recording import peak_bytes

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /tmp rw,nosuid shared:5 - tmpfs tmpfs rw
"""


def test_the_file_system_is_that_of_the_nearest_mount() -> None:
    assert file_system_of(Path("/tmp/some/folder"), MOUNTS) == "tmpfs"  # noqa: S108  # a name, not a file
    assert file_system_of(Path("/var/lib"), MOUNTS) == "ext4"


def test_the_peak_of_a_process_is_in_bytes() -> None:
    assert peak_bytes("VmPeak:\t  900 kB\nVmHWM:\t  25 kB\nVmRSS:\t 20 kB\n") == 25 * 1024
