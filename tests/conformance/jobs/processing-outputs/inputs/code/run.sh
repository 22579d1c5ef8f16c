#!/bin/sh
set -e
cd /opt/ml/processing
echo a > slash/a.txt; echo b > slash/inner/b.txt
echo new > plain/a.txt; echo h > plain/.hidden
ln -s /etc/passwd plain/link; ln -s /etc plain/linked-folder; mkfifo plain/pipe; mkdir plain/empty-folder
rmdir linked && ln -s /etc linked
mkdir forgotten; echo x > forgotten/x.txt
mkdir /data; echo lost > /data/elsewhere.txt
echo changed > data/in.csv; chmod +x data/in.csv; echo n > data/new.csv
