for i in x y; do a $i; done
case $1 in a|b) c;; *) d;; esac; e
( a; b ) | c
{ a; } > f
a | while read l; do b "$l"; done
[[ $a == b && -n c ]] && d
if [ -f x ]; then a; fi
f() { a $1; }; f b
function f { a; }
f
export A=b; c $A
