"""Nothing is left behind, and nothing of others is taken away."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from seatrial.errors import ContainerError
from seatrial.ports.runners import Mount
from seatrial.runners import helper, layer
from seatrial.runners.labels import RUNNER_LABEL
from tests.integration.runners.conftest import Bench


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell that starts the tests in the background has them ignore SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_interrupted_run_leaves_nothing(bench: Bench) -> None:
    interrupting = threading.Timer(1.0, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT])
    interrupting.start()
    with pytest.raises(KeyboardInterrupt):
        bench.run("sleep", "60")
    interrupting.join()
    assert bench.left() == []


def test_volumes_that_an_image_declares_go_with_the_container(bench: Bench) -> None:
    tag = f"seatrial-test-volume-{os.getpid()}"
    made = bench.client.api.create_container(bench.image, command=["true"])
    before = {volume["Name"] for volume in bench.client.api.volumes()["Volumes"] or []}
    try:
        bench.client.api.commit(made["Id"], tag, "1", changes=["VOLUME /data"])
        outcome, _ = bench.shell("echo x >/data/x; grep -q ' /data ' /proc/mounts", image=f"{tag}:1")
        bench.runner.settle()
        after = {volume["Name"] for volume in bench.client.api.volumes()["Volumes"] or []}
    finally:
        bench.client.api.remove_container(made["Id"])
        bench.client.api.remove_image(f"{tag}:1", force=True)
    assert outcome.exit_code == 0
    assert {name for name in after - before if len(name) == 64} == set()


def test_container_that_a_killed_run_left_makes_room(bench: Bench) -> None:
    spec = bench.spec("true")
    left = bench.client.api.create_container(
        bench.image, command=["sleep", "60"], name=spec.name, labels={RUNNER_LABEL: "job", **spec.labels}
    )
    bench.client.api.start(left["Id"])
    assert bench.runner.run(spec).exit_code == 0
    assert bench.left() == []


@pytest.mark.parametrize(
    "labels", [{}, {RUNNER_LABEL: "job", "seatrial.execution": "another"}], ids=["foreign", "other-execution"]
)
def test_running_container_of_others_is_not_touched(bench: Bench, labels: dict[str, str]) -> None:
    spec = bench.spec("true")
    other = bench.client.api.create_container(
        bench.image, command=["sleep", "60"], name=spec.name, labels=labels
    )
    try:
        bench.client.api.start(other["Id"])
        with pytest.raises(ContainerError, match="already in use") as trouble:
            bench.runner.run(spec)
        assert bench.client.api.inspect_container(other["Id"])["State"]["Running"]
    finally:
        bench.client.api.remove_container(other["Id"], force=True)
    assert trouble.value.slug == "name-in-use"


def test_sweep_takes_what_carries_every_label_and_was_made_by_a_runner(bench: Bench) -> None:
    mine = {"seatrial.execution": bench.folder.name}
    kinds = [{RUNNER_LABEL: "job", **mine, "seatrial.step": "A"}, {RUNNER_LABEL: "job", **mine}, mine]
    made = [bench.client.api.create_container(bench.image, command=["true"], labels=kind) for kind in kinds]
    try:
        assert bench.runner.sweep({**mine, "seatrial.step": "A"}) == 1
        assert len(bench.left()) == 2
        assert bench.runner.sweep(mine) == 1
        assert len(bench.left()) == 1
    finally:
        bench.client.api.remove_container(made[2]["Id"], force=True)


@pytest.mark.parametrize("by_helper", [True, False], ids=["helper", "runner"])
def test_files_of_any_user_are_given_to_the_caller_and_no_link_is_followed(
    bench: Bench, tmp_path: Path, by_helper: bool
) -> None:
    inner, outer = tmp_path / "inner", tmp_path / "outer"
    for folder in (inner, outer):
        folder.mkdir()
    bench.shell(
        "mkdir -m 700 /inner/closed && echo x >/inner/closed/f && ln -s /outer/target /inner/link &&"
        "touch /outer/target && chown -R -h 4321:4321 /inner/closed /inner/link /outer/target",
        mounts=(Mount(inner, "/inner"), Mount(outer, "/outer")),
    )
    if by_helper:
        helper.change_owner(bench.client.api, bench.image, inner)
    else:
        bench.runner.own(inner)  # root does it itself
    found = [inner, *inner.rglob("*")]
    assert len(found) == 4
    assert {path.lstat().st_uid for path in found} == {os.getuid()}
    assert (outer / "target").stat().st_uid == 4321
    helper.change_owner(bench.client.api, bench.image, outer)


def test_only_what_a_container_made_is_told_and_not_what_it_unpacked_or_changed_the_mode_of(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "mkdir -p /srv/new && echo made >/srv/new/made && cd /srv && echo x >member && touch -d @0 member &&"
        " tar cf in.tar member && rm member && tar xf in.tar && rm in.tar &&"
        " find / -xdev -name pyvenv.cfg -exec chmod 600 {} + && chmod -R go-w /etc/skel"
    )
    as_root, _ = bench.shell(script)
    monkeypatch.setattr(layer, "written_in", _closed)  # what an ordinary user meets
    as_user, _ = bench.shell(script)
    assert as_root.untracked == as_user.untracked == {"/srv/new/made": 5}


def _closed(upper: Path, since: float) -> NoReturn:
    raise PermissionError(upper)


def test_helper_lists_files_where_only_the_engine_may_read(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a file\nwith lines").write_text("12345")
    (tmp_path / "empty").touch()
    (tmp_path / "link").symlink_to("empty")
    (tmp_path / "unpacked").touch()
    os.utime(tmp_path / "unpacked", (99, 99))
    found = helper.files_beneath(bench.client.api, bench.image, tmp_path, since=100.0)
    assert sorted(found) == [("/deep/a file\nwith lines", 5), ("/empty", 0)]
