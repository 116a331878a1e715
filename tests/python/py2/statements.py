# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0
import os, sys.path as p, a.b.c
from .rel import x
from . import async, await as nonlocal_
from foo import (a as b, c,)
print
print "a",
print >>sys.stderr, "x", f(1),
print >> f.g(2)
print >>a[call(0)]; print
print (a), b
print (a, b)
print (a)
print ()
print (a).call(), (b)
print (a) % call(1)
print -1, +call(2), ~call(3)
print [call(1), 2], {'k': call(2)}, `call(3)`, not call(4)
print lambda x: call(x), 'a' 'b'
print(a)(b)
print not call(5)
print None, True, 0777, 0xFFL, 10l, 1e5j
if x: print 'inline'; print >>g, 'two'; exec 'three'
else: print call(6), ; exec "x"
exec code in d
exec code in d, e.f()
exec "print 1" in call(1), call(2)
exec (code)
exec(code, d)
exec (code) in d, e
exec """a
b""" in {}
raise E, v
raise E, v(1), t[call(2)]
raise E(1), None, sys.exc_info()[2]
raise "string", call(1)
raise
try:
    pass
except E, e: call(e)
except (A, B), (c, d.e[call(1)]): pass
except C.d(), e.f: pass
except C as d: pass
x = `a`, `call(1), b`, `(` call(2) `)` + `'nested'`, [`{`1`: 2}`]
def f((a, b), c=call(1), (d, (e,))=call(2), *g, **h): return `a`, d <> e
def g(a, (b), c): pass
l = lambda (a, b), c=call(1): call(a) <> call(b)
l = lambda (a, (b, c)): (lambda: call(1))()
[x for x in 1, 2, call(3)]
[x for x in lambda: call(1), lambda: call(2) if x()]
[x for x in lambda: call(1) if call(2) if call(3) for y in x, y]
{x for x in a if lambda: call(1)}
x = ur'\u0041\n' u'\u0041' + UR"""\U00000042\\u0041""" + u'\N{BULLET}'
y = 'héé' + b'raw\x41' + br'\x41' + u"\xe9" + r'\u0041' + B"a" 'b'
a.has_key(call(1)), apply(call, (1,)), buffer(x)[1:2], unichr(0x41), `1`
0777 + 0o777 + 0b11 + 0x1FL + 08. + 1L
True = call(1); None_, False = call(2); x = 3
async = await = call(4); async.call(await); call(async=1, await=async)
def async(await, x=call(1)): print await; return async
from __future__ import division, with_statement
with a as b, c() as d: print >>b, d
@a.b.c(call(1))
@d
class Old: print 'in class'; x = 1
class Older(): pass
class Base(A, call(1)): __metaclass__ = call(2); print `x`
assert isinstance(a, (int, long)), "no" <> call(1)
global_ = 1; yield_ = (yield), [(yield call(1))]
if 1:
	print 'tab'
        print 'eight'
	if 2:
	    print 'deeper'
            print 'twelve'
