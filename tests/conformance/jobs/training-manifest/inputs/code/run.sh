cd /opt/ml/input/data/train && find . -type f | sort > /opt/ml/output/data/tree.txt
