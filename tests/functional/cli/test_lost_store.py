"""The store goes away while a pipeline runs: what is known is told all the same, and can be resumed."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from seatrial.ports.storage import StoreAddress
from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import pipeline, processing, under_prefix, writes
from tests.integration.storage.cutting_proxy import CuttingProxy


def test_a_store_lost_in_mid_run_leaves_a_whole_report_and_a_resumable_execution(
    project: Project, store_address: StoreAddress
) -> None:
    endpoint = urlsplit(store_address.endpoint_url)
    proxy = CuttingProxy((str(endpoint.hostname), int(endpoint.port or 80)))
    through = {**project.environment, "SEATRIAL_STORE__ENDPOINT_URL": f"http://127.0.0.1:{proxy.port}"}
    slow = f"import time; time.sleep(2); {writes('data')}"
    definition = pipeline(processing("Write", slow, outputs={"data": under_prefix("write")}))

    running = Project(project.folder, through).start("run", project.write("one.json", definition), "--json")
    assert running.stderr is not None
    while "Executing" not in running.stderr.readline():
        assert running.poll() is None
    proxy.close()
    told, news = running.communicate(timeout=120)

    report = json.loads(told)
    execution_id = report["execution_arn"].rpartition("/")[2]
    assert running.returncode == 3
    assert report["status"] == "Failed"
    assert [step["status"] for step in report["steps"]] == ["Failed"]
    assert {found["code"] for found in report["findings"]} >= {"ST303"}
    assert f"seatrial resume {execution_id}" in news
    assert "Traceback" not in news
    assert (project.folder / ".seatrial" / "executions" / execution_id / "manifest.json").is_file()

    assert project.run("resume", execution_id).returncode == 0
