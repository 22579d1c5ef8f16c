"""What a job cannot see, reach or do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import docker
import pytest

from seatrial.runners import DockerRunner
from seatrial.runners.privileges import JOB_CAPABILITIES
from tests.integration.runners.conftest import Bench

# Bits of the kernel's capability mask.
NUMBERS = {"CHOWN": 0, "DAC_OVERRIDE": 1, "FOWNER": 3, "FSETID": 4, "KILL": 5, "SETGID": 6, "SETUID": 7}
REACH_OUT = """
import socket, sys
for address in (("192.0.2.1", 80), ("172.17.0.1", 22)):
    try:
        socket.create_connection(address, timeout=2)
    except OSError as error:
        print(error.errno)
print(socket.gethostbyname("algo-1"), socket.gethostbyname("friend"))
print(len(open("/proc/net/route").readlines()))
"""


def test_container_without_network_reaches_nothing_but_itself(bench: Bench) -> None:
    outcome, log = bench.run("python3", "-c", REACH_OUT, hostname="algo-1", hosts={"friend": "127.0.0.2"})
    assert outcome.exit_code == 0
    assert log.splitlines() == [
        "101",
        "101",
        "127.0.0.1 127.0.0.2",
        "1",
    ]  # unreachable; a table with a head only


def test_container_on_a_network_resolves_its_own_name(bench: Bench) -> None:
    program = "import socket; print(socket.gethostbyname('algo-1') != '127.0.0.1', socket.gethostname())"
    _, log = bench.run("python3", "-c", program, network="bridge", hostname="algo-1")
    assert log == "True algo-1\n"


def test_capabilities_are_those_of_the_table_and_none_can_be_gained(bench: Bench) -> None:
    _, log = bench.run("grep", "-E", "^(CapEff|CapBnd|NoNewPrivs)", "/proc/self/status")
    status = dict(line.split(":\t") for line in log.splitlines())
    assert NUMBERS.keys() == JOB_CAPABILITIES.keys()
    mask = sum(1 << NUMBERS[name] for name in JOB_CAPABILITIES)
    assert (int(status["CapEff"], 16), int(status["CapBnd"], 16), status["NoNewPrivs"]) == (mask, mask, "1")


def test_ordinary_work_of_root_still_goes(bench: Bench) -> None:
    outcome, log = bench.shell(
        "touch /f && chown 1234:1234 /f && chmod 600 /f && echo x >>/f && mkdir /d && chmod 2775 /d &&"
        "python3 -c 'import os; os.setgid(1234); os.setuid(1234); open(\"/f\").read()'"
    )
    assert (outcome.exit_code, log) == (0, "")


def test_environment_is_what_was_asked_and_nothing_of_this_machine(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text(
        json.dumps({"proxies": {"default": {"httpProxy": "http://host:1"}}})
    )
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of this machine")
    client = docker.from_env()
    spec = bench.spec("env", environment={"ONLY": "this", "EMPTY": "", "EQUALS": "a=b"})
    DockerRunner(client, helper_image=lambda: bench.image).run(spec)
    client.close()
    image = (client.api.base_url and bench.client.images.get(bench.image).attrs["Config"]["Env"]) or []
    expected = {*(line.partition("=")[0] for line in image), "ONLY", "EMPTY", "EQUALS", "HOSTNAME", "HOME"}
    lines = spec.log_path.read_text().splitlines()
    assert {"ONLY=this", "EMPTY=", "EQUALS=a=b"} <= set(lines)
    assert {line.partition("=")[0] for line in lines} <= expected | {"PATH"}


def test_image_keeps_its_entrypoint_when_only_its_command_is_cleared(bench: Bench) -> None:
    made = bench.client.api.create_container(bench.image, entrypoint=["echo", "entry"], command=["word"])
    tag = f"seatrial-test-{os.getpid()}"
    try:
        bench.client.api.commit(made["Id"], tag, "1")
        image = f"{tag}:1"
        _, own = bench.run(image=image, entrypoint=None, command=None)
        _, cleared = bench.run(image=image, entrypoint=None, command=())
        _, replaced = bench.run(image=image, entrypoint=None, command=("other",))
        _, bare = bench.run(image=image, entrypoint=("echo", "mine"), command=None)
    finally:
        bench.client.api.remove_container(made["Id"])
        bench.client.api.remove_image(f"{tag}:1", force=True)
    assert (own, cleared, replaced, bare) == ("entry word\n", "entry\n", "entry other\n", "mine\n")
