exec python3 - <<'END'
import json, struct
stream = open("/opt/ml/input/data/train_0", "rb").read()
records, at = [], 0
while at < len(stream):
    magic, length = struct.unpack_from("<II", stream, at)
    assert magic == 0xCED7230A
    records.append(stream[at + 8 : at + 8 + length].decode())
    at += 8 + length + -length % 4
json.dump(records, open("/opt/ml/output/data/records.json", "w"))
END
