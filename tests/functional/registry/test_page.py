"""Every example of docs/registry.md, run on a real execution, prints what the page says."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.app.wishes import Wishes
from seatrial.execution import Control
from seatrial.images import Images
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus
from seatrial.ports.storage import StoreAddress
from seatrial.settings import Settings
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.functional.registry.examples import examples_of
from tests.functional.registry.sagemaker_stand_in import sagemaker_of

PAGE = Path(__file__).parents[3] / "docs" / "registry.md"
ROWS = r"x,y\n1,2\n3,4\n5,6\n"
SCRIPT = (
    "import os;os.chdir('/opt/ml/processing');"
    f"[open(f'train/{{n}}.csv','w').write('{ROWS}') for n in 'ab'];"
    """open('report/report.json','w').write('{"rows": 6}')"""
)


@pytest.fixture
def record(
    settings: Settings, store_address: StoreAddress, images: Images, monkeypatch: pytest.MonkeyPatch
) -> ExecutionRecord:
    """An execution of the pipeline that the page speaks of, where the page's program will look for it."""
    images.ensure("base")
    definition = pipeline(
        processing(
            "Prepare-Training",
            outputs={"train": join(PREFIX, "train"), "report": join(PREFIX, "report")},
            image="python",
            script=SCRIPT,
        )
    )
    parts = Parts(settings.model_copy(update={"images": {"python": "base"}}), print, address=store_address)
    wishes = Wishes("Registered", definition.text, definition.source, prefix="s3://registered/run")
    ended = trial.run(parts, wishes, Control(), lambda record, definition: lambda event: None)
    assert ended.record.status is ExecutionStatus.SUCCEEDED
    for name, value in _environment(settings, store_address).items():
        monkeypatch.setenv(name, value)
    return ended.record


@pytest.fixture
def account(
    record: ExecutionRecord, store_address: StoreAddress, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The account of the environment: a stand-in for SageMaker, and the real store for S3."""
    with sagemaker_of(record) as endpoint:
        keys = store_address.credentials
        monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", endpoint)
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", store_address.endpoint_url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.access_key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret_key)
        monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield


@pytest.mark.usefixtures("account")
def test_the_examples_print_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    examples = examples_of(PAGE.read_text())
    assert len(examples) > 8
    names: dict[str, object] = {}
    for example in examples:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example.code, str(PAGE), "exec"), names)  # noqa: S102 - the page is ours
        assert printed.getvalue().strip() == example.prints.strip(), example.code


def _environment(settings: Settings, address: StoreAddress) -> dict[str, str]:
    return {
        "SEATRIAL_STATE_DIR": str(settings.state_dir),
        "SEATRIAL_CACHE_DIR": str(settings.cache_dir),
        "SEATRIAL_STORE__ENDPOINT_URL": address.endpoint_url,
        "SEATRIAL_STORE__CONTAINER_ENDPOINT_URL": address.container_endpoint_url,
        "SEATRIAL_STORE__NETWORK": address.network,
        "SEATRIAL_STORE__ACCESS_KEY": address.credentials.access_key,
        "SEATRIAL_STORE__SECRET_KEY": address.credentials.secret_key,
    }
