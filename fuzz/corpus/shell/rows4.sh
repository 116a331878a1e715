local A=b c; unset A; readonly D=$A
curl -fsSLo x http://a.example/y
curl --output x --data=y -XPOST u
wget http://a.example/b.sh
curl -O "$U/x.tgz"
sudo -E nohup a b &
env A=b c d
timeout 5 a b
/usr/bin/CURL.exe x
./a b
