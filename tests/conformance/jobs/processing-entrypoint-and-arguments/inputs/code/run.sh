#!/bin/sh
set -e
echo "$# arguments: $*" > /opt/ml/processing/out/said
