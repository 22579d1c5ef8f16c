import json
from pathlib import Path

from peers import hear, reaches, tell

resources = json.loads(Path("/opt/ml/input/config/resourceconfig.json").read_text())
host, model = resources["current_host"], Path("/opt/ml/model")
(model / "deep").mkdir()
(model / "deep" / host).write_text("x")
if host == "algo-1":
    print("loss=0.1")
    (model / host).write_text(json.dumps({"heard": json.loads(hear())}))
else:
    print("loss=0.2")
    found = {"host": host, "type": resources["current_instance_type"]}
    found["group"] = resources["current_group_name"]
    found["data"] = sorted(path.name for path in Path("/opt/ml/input/data/train").iterdir())
    found["store"] = reaches("http://1.1.1.1:80/")
    tell(json.dumps(found))
    (model / host).write_text("trained")
