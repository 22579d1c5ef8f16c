"""What a job's container may do: the table of capabilities that are given back after all were dropped."""

from __future__ import annotations

JOB_CAPABILITIES: dict[str, str] = {
    "CHOWN": "package installers and toolkits hand files to the image's own user",
    "DAC_OVERRIDE": "root in the container writes to folders that belong to the caller",
    "FOWNER": "chmod and utime on files of another owner (tar, pip, cp -p)",
    "FSETID": "chmod keeps the set-group-ID bit of shared folders",
    "KILL": "a supervisor running as root ends workers that run as another user",
    "SETGID": "dropping from root to a service's group (gosu, su, nginx, apt's sandbox)",
    "SETUID": "dropping from root to a service's user",
}
"""Left out of Docker's own set: AUDIT_WRITE, MKNOD, NET_BIND_SERVICE (ports below 1024 need none since
Docker 20.10), NET_RAW (ping, spoofing), SETFCAP, SETPCAP, SYS_CHROOT."""

HELPER_CAPABILITIES: dict[str, str] = {
    "CHOWN": "the helper exists to change owners",
    "DAC_READ_SEARCH": "it must list folders that their owner closed to everyone else",
}

# Set-user-ID programs gain nothing: an image that runs as root keeps working (its sudo is a no-op there);
# one that runs as another user cannot become root through sudo, and says so.
SECURITY_OPTIONS = ["no-new-privileges"]
