"""What `serve` does: prepares the script, then hands the port to gunicorn, which keeps its workers alive."""

from __future__ import annotations

import os
import sys

from sagemaker_containers import modules
from sagemaker_containers.env import ServingEnv


def main() -> None:
    """Become the server; `SAGEMAKER_SERVING_MODULE` names the application as `package.module:name`."""
    env = ServingEnv()
    modules.prepare(env)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"0.0.0.0:{env.port}",
        "--workers",
        str(env.workers),
        # One request at a time in each worker, as a script expects, on connections that stay open.
        "--worker-class",
        "gthread",
        "--threads",
        "1",
        "--timeout",
        str(env.timeout),
        "--worker-tmp-dir",
        "/dev/shm",  # noqa: S108  # the workers' heartbeats, in memory
        "--no-control-socket",
        env.framework_module,
    ]
    os.execv(sys.executable, command)  # noqa: S606  # the server takes this process's place


if __name__ == "__main__":
    main()
