#!/bin/sh
set -e
cd /opt/ml/processing
( find . -type f -printf '%P\n'; find . -type d -empty -printf '%P/\n' ) > /tmp/tree
echo out/tree.txt >> /tmp/tree
LC_ALL=C sort /tmp/tree | grep -v '^out/$' > out/tree.txt
