#!/bin/sh
set -e
cd /opt/ml/checkpoints; rm 0; echo one and more > 1; echo two > 2; exit 1
