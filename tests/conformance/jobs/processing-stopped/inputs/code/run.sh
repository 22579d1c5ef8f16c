#!/bin/sh
set -e
echo x > /opt/ml/processing/out/x
echo ready
sleep 60
