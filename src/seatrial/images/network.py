"""What a build needs to reach a package index from behind a proxy.

Everything goes into one folder of the build context, `network/`, that only build stages copy: neither
the certificate authorities nor the index of this machine end up in an image.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from seatrial.errors import ImageError
from seatrial.settings import BuildSettings

SYSTEM_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
BUNDLE_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY")
GO_VARIABLES = ("GOPROXY", "GONOPROXY", "GOSUMDB", "GONOSUMDB", "GOPRIVATE", "GOINSECURE")
FOLDER = "/network"


def network_files(settings: BuildSettings, environment: Mapping[str, str] = os.environ) -> dict[str, bytes]:
    """The files of `network/`: settings for pip, apt and Go, and the CA bundle if this machine has one."""
    pip = ["[global]", "disable-pip-version-check = true", "no-cache-dir = true", "timeout = 60"]
    apt = ['Acquire::Retries "3";']
    files: dict[str, bytes] = {}
    bundle = ca_bundle(settings, environment)
    if bundle is not None:
        files["network/ca.pem"] = bundle.read_bytes()
        pip.append(f"cert = {FOLDER}/ca.pem")
        apt.append(f'Acquire::https::CAInfo "{FOLDER}/ca.pem";')
    for option, value in _index_options(settings, environment):
        pip.append(f"{option} = {value}")
    go = [f"{name}={environment[name]}" for name in GO_VARIABLES if environment.get(name)]
    files["network/go.env"] = "\n".join([*go, ""]).encode()
    files["network/pip.conf"] = "\n".join([*pip, ""]).encode()
    files["network/apt.conf"] = "\n".join([*apt, ""]).encode()
    return files


def ca_bundle(settings: BuildSettings, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The bundle of the settings, else the one that this machine's own tools trust."""
    if settings.ca_bundle is not None:
        if not settings.ca_bundle.is_file():
            raise ImageError(
                f"the CA bundle {settings.ca_bundle} does not exist",
                slug="ca-bundle-missing",
                where="build.ca_bundle",
                hint="correct or remove `ca_bundle` under [build] in seatrial.toml",
            )
        return settings.ca_bundle
    named = (Path(environment[name]) for name in BUNDLE_VARIABLES if environment.get(name))
    return next((path for path in (*named, SYSTEM_BUNDLE) if path.is_file()), None)


def proxy_arguments(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Docker's predefined build arguments: used by every RUN, kept out of the image's history."""
    wanted = {*PROXY_VARIABLES, *(name.lower() for name in PROXY_VARIABLES)}
    return {name: value for name, value in environment.items() if name in wanted and value}


def _index_options(settings: BuildSettings, environment: Mapping[str, str]) -> list[tuple[str, str]]:
    index = settings.index_url or environment.get("PIP_INDEX_URL")
    options = {
        "index-url": index,
        "extra-index-url": environment.get("PIP_EXTRA_INDEX_URL"),
        "trusted-host": environment.get("PIP_TRUSTED_HOST"),
    }
    return [(name, value) for name, value in options.items() if value]
