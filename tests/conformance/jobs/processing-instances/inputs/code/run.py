import json
import os
import time
from pathlib import Path

from peers import hear, reaches, tell

root = Path("/opt/ml/processing")
resources = json.loads(Path("/opt/ml/config/resourceconfig.json").read_text())
host = resources["current_host"]
print(f"{host} says hello", flush=True)
found = {
    "resources": resources,
    "data": sorted(str(p.relative_to(root / "data")) for p in (root / "data").rglob("*.txt")),
    "store": reaches(os.environ["AWS_ENDPOINT_URL_S3"]),
}
(root / "out" / f"{host}.txt").write_text(host)
(root / "data" / "mine").write_text("no")
Path("/opt/ml/output/message").write_text(f"from {host};")
if host == "algo-1":
    (root / "out" / "same.txt").write_text(host)
    other = json.loads(hear())
    (root / "out" / "both.json").write_text(json.dumps({host: found, "algo-2": other}))
else:
    time.sleep(0.2)
    tell(json.dumps(found))
    (root / "out" / "same.txt").write_text(host)
