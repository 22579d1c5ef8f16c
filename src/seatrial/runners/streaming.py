"""Opens a container's streams: the wait, the output, the kept log; knows nothing of what comes down them."""

from __future__ import annotations

import requests
from docker.api import APIClient
from requests.exceptions import RequestException


def stream(api: APIClient, method: str, container: str, verb: str, **query: str) -> requests.Response:
    """Open a stream on a container; unlike the SDK's own calls it has no time limit and returns raw bytes."""
    url = f"{api.base_url}/v{api.api_version}/containers/{container}/{verb}"
    # Raw bytes are wanted, and to pack them would take longer than to send them.
    plain = {"Accept-Encoding": "identity"}
    response = api.request(method, url, params=query, headers=plain, stream=True, timeout=None)
    if not response.ok:
        with response:
            raise RequestException(f"{verb}: {response.status_code} {response.text.strip()}")
    return response
