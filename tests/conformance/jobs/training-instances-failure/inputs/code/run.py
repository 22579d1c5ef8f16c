import json
import sys
import time
from pathlib import Path

resources = json.loads(Path("/opt/ml/input/config/resourceconfig.json").read_text())
Path("/opt/ml/model/half").write_text("half a model")
if resources["current_host"] == "algo-2":
    Path("/opt/ml/output/failure").write_text("the second gave up")
    sys.exit(3)
time.sleep(600)
