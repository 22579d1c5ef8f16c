"""How images come to be: built, pulled, bootstrapped, compiled; and what is said when they do not."""

from __future__ import annotations

import shutil
import stat
import threading
from pathlib import Path

import pytest

from seatrial.errors import ImageError
from seatrial.images import python_image, watching
from seatrial.images.building import build
from seatrial.images.context import reference_of
from seatrial.images.engine import image_id
from seatrial.images.locking import build_lock
from seatrial.images.minio_image import PUBLIC_REPOSITORIES, make_minio
from seatrial.images.minio_image import RECIPE as MINIO
from seatrial.images.python_image import make_python
from seatrial.images.recipes import RECIPES
from seatrial.images.watching import Watch, run_watched
from seatrial.settings import BuildSettings, Settings
from tests.unit.images.engine import Engine, refusal

PYTHON = RECIPES["python"]
PUBLIC_MINIO = f"{PUBLIC_REPOSITORIES[0]}:{MINIO.pins['RELEASE']}"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder besides the shell's where commands are found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "sh").symlink_to(str(shutil.which("sh")))
    (folder / "cat").symlink_to(str(shutil.which("cat")))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("seatrial.images.minio_image.GO_ELSEWHERE", str(folder / "elsewhere"))
    return folder


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!{shutil.which('sh')}\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_a_failed_build_shows_its_last_lines_and_where_to_look(said: list[str]) -> None:
    engine = Engine()
    engine.build_fails_with = "pip returned 1"

    with pytest.raises(ImageError, match=r"pip returned 1\nthe line before the end") as failed:
        build(engine.client, RECIPES["base"], BuildSettings(), said.append)

    assert failed.value.slug == "image-build-failed"
    assert failed.value.where == "containers/base/Dockerfile"
    assert "ca_bundle" in (failed.value.hint or "")


def test_the_stages_of_a_build_are_not_left_behind(said: list[str]) -> None:
    engine = Engine()
    engine.layers = ("0123456789ab", "ba9876543210")
    build(engine.client, RECIPES["base"], BuildSettings(), said.append)

    assert engine.removed == ["ba9876543210", "0123456789ab"]


def test_an_engine_in_trouble_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()

    def get(reference: str) -> None:
        raise refusal(500, "disk full")

    monkeypatch.setattr(engine, "get", get)
    with pytest.raises(ImageError, match="disk full"):
        image_id(engine.client, "x")


def test_the_public_base_is_taken_where_a_registry_answers(settings: Settings, said: list[str]) -> None:
    engine = Engine(registry=(PYTHON.pins["PUBLIC_IMAGE"],))
    reference = make_python(engine.client, settings, said.append)

    assert engine.built == [reference]
    assert engine.arguments[reference]["PUBLIC_IMAGE"] == PYTHON.pins["PUBLIC_IMAGE"]
    assert engine.imported == []


def test_debian_is_bootstrapped_where_none_does(settings: Settings, said: list[str], programs: Path) -> None:
    program(programs, "mmdebstrap", 'for last; do :; done; echo "bootstrapped $*" > "$last"')
    engine = Engine()
    reference = make_python(engine.client, settings, said.append)

    assert reference == reference_of(PYTHON)
    assert "--variant=minbase" in engine.imported[0]
    assert "python3,python3-venv,ca-certificates" in engine.imported[0]
    assert any("no such host" in line for line in said)


def test_a_bootstrap_is_made_once(settings: Settings, said: list[str], programs: Path) -> None:
    program(programs, "mmdebstrap", 'for last; do :; done; echo first > "$last"')
    make_python(Engine().client, settings, said.append)
    (programs / "mmdebstrap").unlink()
    engine = Engine()
    make_python(engine.client, settings, said.append)

    assert engine.imported == ["first\n"]


def test_half_a_bootstrap_is_not_kept(settings: Settings, said: list[str], programs: Path) -> None:
    program(programs, "mmdebstrap", 'for last; do :; done; echo half > "$last"; echo no mirror; exit 25')

    with pytest.raises(ImageError, match=r"exit code 25.*\nno mirror"):
        make_python(Engine().client, settings, said.append)
    assert list((settings.cache_dir / "debian").iterdir()) == []


def test_without_a_registry_and_mmdebstrap_an_ordinary_user_is_told_what_to_type(
    settings: Settings, said: list[str], programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_image.os, "geteuid", lambda: 1000)

    with pytest.raises(ImageError) as refused:
        make_python(Engine().client, settings, said.append)

    assert refused.value.slug == "no-base-image"
    assert "sudo apt-get install -y mmdebstrap" in (refused.value.hint or "")
    assert f"docker tag {PYTHON.pins['PUBLIC_IMAGE']} {reference_of(PYTHON)}" in (refused.value.hint or "")


def test_root_gets_mmdebstrap_installed(
    settings: Settings, said: list[str], programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_image.os, "geteuid", lambda: 0)
    program(programs, "prepared", 'for last; do :; done; echo installed > "$last"')
    program(
        programs,
        "apt-get",
        f'[ "$1" = update ] || {shutil.which("mv", path="/bin")} {programs}/prepared {programs}/mmdebstrap',
    )
    engine = Engine()
    make_python(engine.client, settings, said.append)

    assert engine.imported == ["installed\n"]


def test_minio_is_pulled_where_a_registry_answers(settings: Settings, said: list[str]) -> None:
    engine = Engine(registry=(PUBLIC_MINIO,))
    reference = make_minio(engine.client, settings, said.append)

    assert engine.arguments[reference]["PUBLIC_IMAGE"] == PUBLIC_MINIO
    assert "minio" not in engine.contexts[reference]


def test_minio_is_compiled_where_none_does(settings: Settings, said: list[str], programs: Path) -> None:
    program(programs, "go", 'echo "$@" CGO=$CGO_ENABLED > "$GOBIN/minio"')
    engine = Engine()
    reference = make_minio(engine.client, settings, said.append)

    assert engine.pulled == [f"{repository}:{MINIO.pins['RELEASE']}" for repository in PUBLIC_REPOSITORIES]
    assert "minio" in engine.contexts[reference]
    compiled = next((settings.cache_dir / "minio").rglob("minio")).read_text()
    assert f"github.com/minio/minio@{MINIO.pins['GO_VERSION']} CGO=0" in compiled


def test_compose_finds_minio_by_a_name_without_hash(settings: Settings, said: list[str]) -> None:
    engine = Engine(registry=(PUBLIC_MINIO,))
    make_minio(engine.client, settings, said.append)

    assert "seatrial/minio:latest" in engine.there


def test_a_compiled_minio_is_kept(settings: Settings, said: list[str], programs: Path) -> None:
    program(programs, "go", 'echo binary > "$GOBIN/minio"')
    make_minio(Engine().client, settings, said.append)
    (programs / "go").unlink()

    assert make_minio(Engine().client, settings, said.append) == reference_of(MINIO)


def test_without_go_minio_is_compiled_in_a_container(
    settings: Settings, said: list[str], programs: Path
) -> None:
    engine = Engine()
    reference = make_minio(engine.client, settings, said.append)

    assert engine.dockerfiles[reference] == "source.Dockerfile"
    assert "minio" not in engine.contexts[reference]


def test_a_go_that_cannot_leaves_no_binary_and_the_container_does_it(
    settings: Settings, said: list[str], programs: Path
) -> None:
    program(programs, "go", 'echo half > "$GOBIN/minio"; echo "needs a newer Go"; exit 1')
    engine = Engine()
    reference = make_minio(engine.client, settings, said.append)

    assert engine.dockerfiles[reference] == "source.Dockerfile"
    assert list((settings.cache_dir / "minio").rglob("minio")) == []
    assert any("needs a newer Go" in line for line in said)


def test_where_no_way_leads_to_minio_it_says_what_to_install(
    settings: Settings, said: list[str], programs: Path
) -> None:
    engine = Engine()
    engine.build_fails_with = "no way to the module proxy"

    with pytest.raises(ImageError, match="no way to the module proxy") as failed:
        make_minio(engine.client, settings, said.append)

    assert "https://go.dev/dl/" in (failed.value.hint or "")
    assert "endpoint_url" in (failed.value.hint or "")


def test_slow_work_speaks_every_few_seconds_only(monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    now = 0.0
    monkeypatch.setattr(watching.time, "monotonic", lambda: now)
    watch = Watch("building", said.append)
    for second in range(10):
        now = float(second)
        watch.see(f"\x1b[31mline {second}\x1b[0m\n")

    assert said == ["building: 4 s, line 4", "building: 8 s, line 8"]
    assert watch.tail.endswith("line 8\nline 9")


def test_a_command_that_is_not_there_is_an_error_of_ours(said: list[str]) -> None:
    with pytest.raises(ImageError, match="cannot be started") as refused:
        run_watched("trying", ["/nowhere/at/all"], said.append, hint="install it")

    assert refused.value.hint == "install it"


def test_who_waits_for_another_builder_is_told_so(tmp_path: Path, said: list[str]) -> None:
    entered = threading.Event()

    def other() -> None:
        with build_lock(tmp_path, "base", said.append):
            entered.set()

    waiting = threading.Thread(target=other)
    with build_lock(tmp_path, "base", said.append):
        waiting.start()
        assert not entered.wait(0.1)
    waiting.join()

    assert entered.is_set()
    assert said == ["base: another process is building it, waiting"]
