"""Which objects of an input each host of a job is given; brings nothing in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from seatrial.engines.cluster import Cluster, share
from seatrial.engines.native.listing import Listed
from seatrial.ports.storage import StoredObject


def dealt_to(host: str, cluster: Cluster, listed: Sequence[Listed]) -> list[Listed]:
    """The inputs as one host has them."""
    return [_dealt(host, cluster, each) for each in listed]


def _dealt(host: str, cluster: Cluster, listed: Listed) -> Listed:
    receivers = cluster.hosts_in(listed.input.groups)
    if host not in receivers:
        return replace(listed, objects=(), lines=None)
    if not listed.input.sharded or len(receivers) == 1:
        return listed
    turn = (receivers.index(host), len(receivers))
    if listed.lines is not None:
        lines = share(listed.lines, *turn)
        objects = [part for line in lines for part in line if isinstance(part, StoredObject)]
        return replace(listed, lines=lines, objects=objects)
    # A folder's own key holds nothing that could be dealt out, and takes nobody's turn.
    data = sorted(
        (item for item in listed.objects if item.size or not item.key.endswith("/")), key=lambda i: i.key
    )
    return replace(listed, objects=share(data, *turn))
