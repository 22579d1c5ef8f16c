#!/bin/sh
set -e
cd /opt/ml
cp input/config/*.json output/data/
env | grep -e ^TRAINING_JOB -e ^STAGE= -e ^SM_ -e ^DMLC -e ^AWS_EXEC | sort > output/data/environment.txt
find input -type f | sort > output/data/inputs.txt
echo probe > input/sm_training.env; chmod +x input/data/code/run.sh
mkdir -p model/deep/er model/empty
echo weights > model/model.bin; echo x > model/deep/er/x
ln -s /etc/passwd model/passwd; ln -s /etc model/etc
echo stray > output/stray.txt; mkdir checkpoints; echo c > checkpoints/c
printf '[0]\ttrain-auc:0.5\n[1]\ttrain-auc:0.75\n[2]\ttrain-auc:nan\nloss=0.25;\n'
