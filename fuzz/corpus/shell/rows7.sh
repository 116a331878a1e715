sh x.sh
a | python x.py
trap 'a b' EXIT
eval "$1"
cmd /c dir
a "b
a $(b
a ) b
if a; then b
a <<E
b
