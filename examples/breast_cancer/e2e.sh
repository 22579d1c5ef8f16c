#!/bin/sh
# The example, run twice: to a registered model package, then with the condition turned, to the Fail step's message.
set -eu
cd "$(dirname "$0")"

echo "== 1 of 2: the model is good enough, and is registered"
seatrial run pipeline.py

echo
echo "== 2 of 2: no model can reach an AUC of 1.1, so the pipeline must end in its Fail step"
status=0
seatrial run pipeline.py -p AucThreshold=1.1 || status=$?
if [ "$status" != 1 ]; then
  echo "expected exit code 1 from the second run, got $status"
  exit 1
fi
seatrial status --json | grep -q '"status": "Failed"'
echo
echo "both runs ended as they should"
