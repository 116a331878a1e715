echo a 'b c' "d e" f\ g
a''b "" ''
x $'\x41\n\u0042\101'
a \
 b # c
a#b c#d
x "a\"b\$c\q"
X=1; y $X "$X" ${X}z
X=a; X+=b; y $X
y $HOME "$A/b" $1 $? $__
y ${A:-b} ${A-b} ${#A} ${A%x}
