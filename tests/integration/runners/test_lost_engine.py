"""An exit status that did not come down an unbroken wait is no exit status."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from seatrial.errors import ContainerError
from tests.integration.runners.conftest import Bench
from tests.integration.runners.proxy import Proxy


def after(proxy: Proxy, request: str, then: Callable[[], None]) -> threading.Thread:
    """Do something as soon as the request was passed on."""

    def watch() -> None:
        proxy.wait_for(request)
        then()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_broken_wait_is_a_loss_though_the_container_would_have_succeeded(
    behind_proxy: Callable[[], Bench], proxy: Proxy
) -> None:
    bench = behind_proxy()
    cutting = after(proxy, "/start", lambda: proxy.cut("/wait"))
    outcome, _ = bench.shell("sleep 2; exit 0")
    cutting.join()
    assert outcome.exit_code is None
    assert "broke while the container ran" in (outcome.lost or "")
    assert not outcome.stopped
    assert bench.left() == []


def test_engine_gone_in_mid_job_is_a_loss_and_the_orphan_is_found_by_label(
    behind_proxy: Callable[[], Bench], bench: Bench, proxy: Proxy
) -> None:
    lost = behind_proxy()
    started = after(proxy, "/start", lambda: None)
    closing = threading.Timer(1.0, proxy.die)
    closing.start()
    outcome, _ = lost.shell("sleep 30")
    closing.join()
    started.join()
    assert outcome.exit_code is None
    assert outcome.lost
    assert len(bench.left()) == 1
    assert bench.runner.sweep({"seatrial.execution": bench.folder.name}) == 1
    assert bench.left() == []


def test_engine_gone_before_the_start_never_ran_anything(
    behind_proxy: Callable[[], Bench], proxy: Proxy
) -> None:
    bench = behind_proxy()
    proxy.die()
    with pytest.raises(ContainerError) as trouble:
        bench.shell("exit 0")
    assert (trouble.value.slug, trouble.value.exit_code) == ("docker-lost", 3)


def test_container_removed_by_somebody_else_has_failed(bench: Bench) -> None:
    spec = bench.spec("sleep", "30")
    removing = threading.Timer(1.0, bench.client.api.remove_container, [spec.name], {"force": True})
    removing.start()
    outcome = bench.runner.run(spec)
    removing.join()
    assert outcome.exit_code == 137 or (outcome.exit_code is None and outcome.lost)
    assert bench.left() == []


def test_engine_that_cannot_confirm_the_end_any_more_makes_it_a_loss(
    behind_proxy: Callable[[], Bench], proxy: Proxy
) -> None:
    bench = behind_proxy()
    proxy.denied = "/json"
    outcome, _ = bench.shell("exit 0")
    assert outcome.exit_code is None
    assert "could not be confirmed" in (outcome.lost or "")
    assert bench.left() == []


def test_cut_output_is_fetched_anew(behind_proxy: Callable[[], Bench], proxy: Proxy) -> None:
    bench = behind_proxy()
    cutting = after(proxy, "/start", lambda: threading.Timer(0.5, proxy.cut, ["/attach"]).start())
    outcome, log = bench.shell("echo first; sleep 0.7; echo last")
    cutting.join()
    assert outcome.exit_code == 0
    assert log == "first\nlast\n"
