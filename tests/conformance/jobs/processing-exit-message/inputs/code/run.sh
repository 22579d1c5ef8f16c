#!/bin/sh
set -e
printf '%01022d' 0 | tr 0 m > /opt/ml/output/message
printf 'ébeyond' >> /opt/ml/output/message
