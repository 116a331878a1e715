a <<'E' | c
x $Y
E
b
a <<-E
	x
	E
b
a <<A <<B
1
A
2
B
c
a &> f
b <(a) c
a $(b c) `d`
a "x$(b "$(c)")y"
X=$(a); b "$X"
if a; then b; elif c; then d; else e; fi; f
while a; do b; done
