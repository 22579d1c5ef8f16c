#!/bin/sh
set -e
cp /opt/ml/config/*.json /opt/ml/processing/out/
touch /opt/ml/processing/out/tree.txt
find /opt/ml | sort > /opt/ml/processing/out/tree.txt
env | sort | sed 's/^\(AWS_[A-Z_]*\(KEY\|TOKEN\)[A-Z_]*\)=.*/\1=.../' | grep -v -e ^PATH= -e ^PWD= -e ^HOME= -e ^LANG= -e ^PIP_ -e ^PYTHON -e ^SHLVL= -e ^_= -e ^OLDPWD= > /opt/ml/processing/out/environment.txt
