#!/bin/sh
# The example, run twice: to a registered model package, then with the condition turned, to the Fail step's message.
set -eu
cd "$(dirname "$0")/../.."

echo "== 1 of 2: the model is good enough, and is registered"
seatrial run examples/breast_cancer/pipeline.py

echo
echo "== 2 of 2: no model can reach an AUC of 1.1, so the pipeline must end in its Fail step"
status=0
seatrial run examples/breast_cancer/pipeline.py -p AucThreshold=1.1 || status=$?
if [ "$status" != 1 ]; then
  echo "expected exit code 1 from the second run, got $status"
  exit 1
fi
seatrial status latest --json | grep -q 'is below the threshold of 1.1' || {
  echo "the second run did not end in the Fail step's message"
  exit 1
}
echo
echo "both runs ended as they should"
