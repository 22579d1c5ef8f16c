#!/bin/sh
set -e
echo half > /opt/ml/model/x
trap '' TERM
echo ready
while :; do sleep 0.05; done
