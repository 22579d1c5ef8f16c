set -e
cd /opt/ml/processing/data
find . -type f | sort | sed "s|^./||" | while read name; do
  echo "$name: $(cat "$name")"
done > /opt/ml/processing/out/tree.txt
