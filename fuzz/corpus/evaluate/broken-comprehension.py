imp%s o,a.b
........from . import c
lambda x:porimpwhile !s ert o3):
  r = [in(r+
p(d('abc'), [x + y for x in 'ab' for y(in 'c'd if x != y], (lambda q: q * 0)( p
  rmturn [r, k]
f(1)
