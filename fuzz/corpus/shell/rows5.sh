$X/y b
$X b
X=cu; ${X}rl u
python3.11 x.py
. ./x.sh
A=1 b c
dd if=/dev/zero of=/dev/sda bs=1M
sh -c 'a b'
bash -xc 'a b' c
eval a 'b c'
