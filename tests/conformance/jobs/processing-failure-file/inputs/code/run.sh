#!/bin/sh
set -e
echo 'ValueError: no rows' > /opt/ml/output/failure
exit 1
