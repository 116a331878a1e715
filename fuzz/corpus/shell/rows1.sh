X=(a b); y ${X[@]}
y $((1+2)) $((3))
a; b & c
d
a | b x |& c
a && b || c
a > f 2>&1; b 2>e
a >> f 2>/dev/null
a < f | b
a <<< "t"
a <<E
x $Y
E
b
