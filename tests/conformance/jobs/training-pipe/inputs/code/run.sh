next() { while [ ! -p $1 ]; do sleep 0.01; done; }
cd /opt/ml/input/data
out=/opt/ml/output/data
ls > $out/listed.txt
cp ../config/inputdataconfig.json $out/
cat train_0 > $out/epoch-0.csv
next train_1; head -n 1 train_1 > $out/epoch-1.csv
next train_2; cat train_2 > $out/epoch-2.csv
cat zipped_0 > $out/zipped.csv
