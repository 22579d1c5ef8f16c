exec 3< /opt/ml/input/data/train_0
read line <&3
echo $line
while :; do sleep 0.1; done
