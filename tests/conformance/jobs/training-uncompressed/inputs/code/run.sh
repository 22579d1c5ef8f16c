mkdir /opt/ml/model/deep && cd /opt/ml/model && echo a >a.txt && echo b >deep/b.txt
ln -s a.txt link
echo note >/opt/ml/output/data/note.txt
