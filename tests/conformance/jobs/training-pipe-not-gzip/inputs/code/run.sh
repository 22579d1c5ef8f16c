cat /opt/ml/input/data/train_0 > /opt/ml/model/all; sleep 30
