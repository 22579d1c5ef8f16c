[ -p /opt/ml/input/data/train_0 ] && exit 3
