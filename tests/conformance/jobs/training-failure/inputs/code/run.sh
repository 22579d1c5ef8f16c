#!/bin/sh
set -e
echo x > /opt/ml/model/x
printf '%02000d' 0 | tr 0 f > /opt/ml/output/failure
exit 12
