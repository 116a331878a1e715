print "a", b
print >>f, "c",
print
exec code in ns, loc
exec "x"
raise E, "m", tb
try: pass
except X, e: pass
`a`; a <> b; 0777; ur'x'
def f(a, (b, c)): pass
[x for x in 1, 2, 3]
lambda (a, b): a
