#!/bin/sh
set -e
env | grep _REGION | sort > /opt/ml/processing/out/regions.txt
