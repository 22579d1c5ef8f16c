#!/bin/sh
set -e
echo x > /opt/ml/model/x
trap 'exit 0' TERM
while :; do sleep 0.05; done
