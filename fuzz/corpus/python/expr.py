a = b = c, (d, *e), [f.g, h[i]] = 1, 2
x += y @ z // 2 ** -3 if a and not b or c else lambda x, *y, z=1, **w: (x, y)
f(a, *b, c=d, **e)(g)[h:i:j, ..., ::2, :](k for k in l if m if n for o in p)
{**a, b: c, d: e}; {1, *a}; {k: v for k, v in x}; {x for x in y}; {}; (); []
(y := f(x)); a[b := 1]; print(a, file=x); -x ** -y; ~a << b >> c & d | e ^ f
[[a for a in b] for c in d if [e for e in f]]
[lambda: x for x in y]
0x1F, 0o17, 0b1, 1_000, 1.5e-3, .5, 3j, 0777, 10L, 1if x else 2
