"""The hosts of one job, their names and groups, and which of them gets what; knows no container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

INSTANCE_GROUP = "homogeneousCluster"
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Group:
    """Hosts of one instance type."""

    name: str
    instance_type: str
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class Cluster:
    """All hosts of one job."""

    groups: tuple[Group, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host, in the order of their numbers."""
        return tuple(host for group in self.groups for host in group.hosts)

    def group_of(self, host: str) -> Group:
        """The group that a host is in."""
        return next(group for group in self.groups if host in group.hosts)

    def hosts_in(self, names: Sequence[str]) -> tuple[str, ...]:
        """The hosts of the groups of these names; of all groups where there is no name."""
        return tuple(
            host for group in self.groups if not names or group.name in names for host in group.hosts
        )


def read_cluster(resources: Mapping[str, Any]) -> Cluster:
    """The hosts that a `ClusterConfig` or a `ResourceConfig` asks for, numbered through all groups."""
    asked = resources.get("InstanceGroups") or [
        {
            "InstanceGroupName": INSTANCE_GROUP,
            "InstanceType": resources.get("InstanceType"),
            "InstanceCount": resources.get("InstanceCount", 1),
        }
    ]
    groups, used = [], 0
    for group in asked:
        numbers = range(used + 1, used + int(group["InstanceCount"]) + 1)
        used = numbers.stop - 1
        hosts = tuple(f"algo-{number}" for number in numbers)
        groups.append(Group(group["InstanceGroupName"], group["InstanceType"], hosts))
    return Cluster(tuple(groups))


def one_host(instance_type: str) -> Cluster:
    """A single instance."""
    return Cluster((Group(INSTANCE_GROUP, instance_type, ("algo-1",)),))


def share(items: Sequence[_Item], position: int, of: int) -> list[_Item]:
    """Every `of`-th item: together the shares of all positions are all items, each once.

    The service gives each host about as many objects; which ones is written down nowhere.
    """
    return list(items[position::of])
