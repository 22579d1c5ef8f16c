"""Sharded inputs are dealt out: every object to exactly one host of those that the input is for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.cluster import Cluster, read_cluster, share
from seatrial.engines.job import JobInput
from seatrial.engines.native.listing import Listed
from seatrial.engines.native.sharding import dealt_to
from seatrial.ports.storage import S3Uri, StoredObject

keys = st.lists(st.text("abc/", min_size=1, max_size=4), unique=True, max_size=30)


def listed(keys: list[str], *, sharded: bool = True, groups: tuple[str, ...] = ()) -> Listed:
    item = JobInput("data", S3Uri("bucket"), "/data", sharded=sharded, groups=groups)
    return Listed(item, [StoredObject("bucket", key, 1, "e") for key in keys], "")


def cluster(*counts: int) -> Cluster:
    groups = [
        {"InstanceGroupName": f"group-{number}", "InstanceType": "ml.m5.large", "InstanceCount": count}
        for number, count in enumerate(counts)
    ]
    return read_cluster({"InstanceGroups": groups})


def dealt(hosts: Cluster, one: Listed) -> dict[str, list[str]]:
    return {host: [item.key for item in dealt_to(host, hosts, [one])[0].objects] for host in hosts.hosts}


@given(items=st.lists(st.integers()), of=st.integers(1, 9))
def test_the_shares_are_all_items_each_once_and_of_about_one_size(items: list[int], of: int) -> None:
    shares = [share(items, position, of) for position in range(of)]

    assert sorted(item for each in shares for item in each) == sorted(items)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


@given(keys=keys, count=st.integers(1, 7))
def test_every_object_goes_to_exactly_one_host(keys: list[str], count: int) -> None:
    given_to = dealt(cluster(count), listed(keys))

    assert sorted(key for each in given_to.values() for key in each) == sorted(keys)


@given(keys=keys, counts=st.lists(st.integers(1, 3), min_size=2, max_size=4))
def test_a_group_shares_what_is_for_it_and_the_others_have_nothing(
    keys: list[str], counts: list[int]
) -> None:
    hosts = cluster(*counts)
    given_to = dealt(hosts, listed(keys, groups=("group-1",)))

    in_group = hosts.groups[1].hosts
    assert sorted(key for host in in_group for key in given_to[host]) == sorted(keys)
    assert all(not given_to[host] for host in hosts.hosts if host not in in_group)


def test_what_is_replicated_is_everybodys() -> None:
    assert dealt(cluster(2), listed(["b", "a"], sharded=False)) == {
        "algo-1": ["b", "a"],
        "algo-2": ["b", "a"],
    }


def test_objects_are_dealt_in_the_order_of_their_keys() -> None:
    assert dealt(cluster(2), listed(["c", "a", "b"])) == {"algo-1": ["a", "c"], "algo-2": ["b"]}


def test_a_folders_own_key_takes_nobodys_turn() -> None:
    item = JobInput("data", S3Uri("bucket"), "/data", sharded=True)
    objects = [StoredObject("bucket", key, size, "e") for key, size in (("a/", 0), ("a/1", 1), ("a/2", 0))]
    hosts = cluster(2)
    shares = [dealt_to(host, hosts, [Listed(item, objects, "")])[0].objects for host in hosts.hosts]

    assert [[each.key for each in one] for one in shares] == [["a/1"], ["a/2"]]


def test_lines_of_an_augmented_manifest_are_dealt_out_with_their_objects() -> None:
    one, two = (StoredObject("bucket", key, 1, "e") for key in "ab")
    item = JobInput("data", S3Uri("bucket", "m"), "/data", sharded=True)
    whole = Listed(item, [one, two], "m", lines=[(one, b"1"), (two, b"2"), (one, b"3")])

    shares = [dealt_to(host, cluster(2), [whole])[0] for host in ("algo-1", "algo-2")]

    assert [each.lines for each in shares] == [[(one, b"1"), (one, b"3")], [(two, b"2")]]
    assert [list(each.objects) for each in shares] == [[one, one], [two]]


def test_hosts_are_numbered_through_all_groups() -> None:
    hosts = cluster(2, 1)

    assert [group.hosts for group in hosts.groups] == [("algo-1", "algo-2"), ("algo-3",)]
    assert hosts.group_of("algo-3").name == "group-1"
