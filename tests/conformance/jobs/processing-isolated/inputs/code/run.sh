#!/bin/sh
set -e
( getent hosts algo-1 > /dev/null && echo algo-1 resolves; ls /sys/class/net; env | grep -e AWS -e S3 | cut -d= -f1 | sort ) > /opt/ml/processing/out/seen.txt
