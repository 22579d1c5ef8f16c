cd /opt/ml/output/data
cat /opt/ml/input/data/train/a.csv /opt/ml/input/data/train/sub/b.csv > read.txt
for channel in code train; do
  (echo x > /opt/ml/input/data/$channel/new) 2> /dev/null && echo $channel
done > written.txt
(echo changed > /opt/ml/input/data/train/a.csv) 2> /dev/null && echo changed >> written.txt
cp /opt/ml/input/config/inputdataconfig.json .
