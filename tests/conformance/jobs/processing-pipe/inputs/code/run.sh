cat /opt/ml/processing/in/data_0 > /opt/ml/processing/out/copy.csv
