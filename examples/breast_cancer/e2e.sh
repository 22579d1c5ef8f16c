#!/bin/sh
# The example, run three times: to a registered model package; with the condition turned, to the Fail step's message;
# and once more as the first time, but with every job in the hands of the SDK's own local mode, which must agree.
set -eu
cd "$(dirname "$0")/../.."
pipeline=examples/breast_cancer/pipeline.py

latest() {
  seatrial status latest --json | sed -n 's/^ *"execution_id": "\(.*\)",$/\1/p'
}

echo "== 1 of 3: the model is good enough, and is registered"
seatrial run "$pipeline"
first=$(latest)

echo
echo "== 2 of 3: no model can reach an AUC of 1.1, so the pipeline must end in its Fail step"
status=0
seatrial run "$pipeline" -p AucThreshold=1.1 || status=$?
if [ "$status" != 1 ]; then
  echo "expected exit code 1 from the second run, got $status"
  exit 1
fi
seatrial status latest --json | grep -q 'is below the threshold of 1.1' || {
  echo "the second run did not end in the Fail step's message"
  exit 1
}

echo
echo "== 3 of 3: the same as the first, by SageMaker's own local mode; both must have written the same"
seatrial run "$pipeline" --engine local-mode
seatrial compare "$first" "$(latest)"

echo
echo "all three runs ended as they should"
