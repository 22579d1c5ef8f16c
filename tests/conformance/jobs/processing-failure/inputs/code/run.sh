#!/bin/sh
set -e
echo partial > /opt/ml/processing/end/x.txt; echo synced > /opt/ml/processing/live/y.txt
exit 3
