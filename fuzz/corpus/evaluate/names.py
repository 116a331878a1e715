import os as o, a.b
from . import c
from x import *
try:
  import d as e
except E:
  import f as e
o.system(e.g(c))
q()
def f(p, *r, k=1):
  global o
  o = p
  return [r, k]
f(1)
