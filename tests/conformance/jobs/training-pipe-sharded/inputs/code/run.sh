host=$(sed "s/.*current_host\": \"\(algo-[0-9]\).*/\1/" /opt/ml/input/config/resourceconfig.json)
cat /opt/ml/input/data/train_0 > /opt/ml/model/$host
