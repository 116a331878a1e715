/* SPDX-License-Identifier: Apache-2.0 */
/* Small programs of Python: what they hand to exec is known, and it is what Python itself gives. */
#include "py_rows.h"

TEST(class_and_objects)
{
    ROWS(
        {"class C:\n def __init__(self, k): self.k = k\n def __call__(self, s): return ''.join(chr(ord(c) ^ "
         "self.k) for c in s)\nexec(C(3)('abc'))\n",
         " exec(\"ba`\")"},
        {"class C:\n def __getattr__(self, n): return n.upper()\nexec(C().hello)\n", " exec(\"HELLO\")"},
        {"class C:\n def __getitem__(self, i): return chr(97 + i)\nc = C()\nexec(c[1] + c[2])\n",
         " exec(\"bc\")"},
        {"class M(type):\n def __getitem__(cls, i): return chr(97 + i)\nclass C(metaclass=M): "
         "pass\nexec(C[3] + C[4])\n",
         " exec(\"de\")"},
        {"class S:\n def __init__(self, v): self.v = v\n def __add__(self, o): return S(self.v + o.v)\n def "
         "__str__(self): return self.v\nexec(str(S('a') + S('b')))\n",
         " exec(\"ab\")"},
        {"class S:\n def __init__(self, v): self.v = v\n def __rshift__(self, f): return "
         "S(f(self.v))\nexec((S('abc') >> (lambda x: x[::-1]) >> str.upper).v)\n",
         " exec(\"CBA\")"},
        {"class S:\n def __init__(self, v=''): self.v = v\n def __lshift__(self, o):\n  self.v += o\n  "
         "return self\ns = S()\ns << 'a' << 'b'\nexec(s.v)\n",
         " exec(\"ab\")"},
        {"class S:\n def __radd__(self, o): return o + 'x'\nexec('a' + S())\n", " exec(\"ax\")"},
        {"class S:\n def __mul__(self, n): return 'm' * n\n def __mod__(self, n): return 'p' * n\n def "
         "__xor__(self, n): return 'x' * n\n def __or__(self, n): return 'o' * n\ns = S()\nexec(s * 2 + s % "
         "1 + (s ^ 3) + (s | 1))\n",
         " exec(\"mmpxxxo\")"},
        {"class S:\n def __iadd__(self, o):\n  self.l.append(o)\n  return self\n def __init__(self): self.l "
         "= []\ns = S()\ns += 'q'\ns += 'r'\nexec(''.join(s.l))\n",
         " exec(\"qr\")"},
        {"class S:\n def __len__(self): return 4\n def __bool__(self): return False\nexec(str(len(S())) + "
         "('t' if S() else 'f'))\n",
         " exec(\"4f\")"},
        {"class S:\n def __iter__(self): return iter('abc')\n def __contains__(self, x): return x == "
         "'z'\nexec(''.join(S()) + str('z' in S()) + str('a' in S()))\n",
         " exec(\"abcTrueFalse\")"},
        {"class It:\n def __init__(self): self.n = 0\n def __iter__(self): return self\n def "
         "__next__(self):\n  self.n += 1\n  if self.n > 3: raise StopIteration\n  return chr(96 + "
         "self.n)\nexec(''.join(x for x in It()))\n",
         " exec(\"abc\")"},
        {"class It:\n def __init__(self): self.n = 0\n def __iter__(self): return self\n def "
         "__next__(self):\n  self.n += 1\n  if self.n > 3: raise StopIteration\n  return chr(96 + self.n)\nr "
         "= ''\nfor x in It(): r += x\nexec(r)\n",
         " exec(\"abc\")"},
        {"class K:\n def __enter__(self): return 'ent'\n def __exit__(self, *a): return False\nwith K() as "
         "k:\n exec(k + '!')\n",
         " exec(\"ent!\")"});
}

TEST(more_objects)
{
    ROWS(
        {"class K:\n def __enter__(self): return self\n def __exit__(self, t, v, tb): return True\nr = "
         "'a'\nwith K():\n r += 'b'\n raise ValueError('x')\nexec(r)\n",
         "layer executed by #2 \"\" \"ab\""},
        {"from contextlib import contextmanager\n@contextmanager\ndef c(x):\n yield x + '!'\nwith c('a') as "
         "v: exec(v)\n",
         " exec(\"a!\")"},
        {"class A:\n x = 'a'\n y = x + 'b'\n z = ''.join(chr(ord(c) + 1) for c in 'HAL')\nexec(A.y + A.z)\n",
         " exec(\"abIBM\")"},
        {"class A:\n def f(self): return 'a'\nclass B(A):\n def f(self): return super().f() + "
         "'b'\nexec(B().f())\n",
         " exec(\"ab\")"},
        {"class A:\n def __init__(self, k): self.k = k\nclass B(A):\n def __init__(self, k):\n  "
         "super().__init__(k + 1)\n  self.j = 'j'\nb = B(2)\nexec(str(b.k) + b.j)\n",
         " exec(\"3j\")"},
        {"class A:\n @staticmethod\n def s(x): return x + 's'\n @classmethod\n def c(cls, x): return "
         "cls.__name__ + x\n @property\n def p(self): return 'p'\nexec(A.s('1') + A.c('2') + A().p + "
         "A().s('3'))\n",
         " exec(\"1sA2p3s\")"},
        {"X = type('X', (), {'f': lambda self: 'dyn', 'k': 'K'})\nexec(X().f() + X.k)\n", " exec(\"dynK\")"},
        {"class A:\n __slots__ = ('a',)\n def __init__(self): self.a = 'sl'\nexec(A().a)\n", " exec(\"sl\")"},
        {"class A: pass\na = A()\nsetattr(a, 'b', 'v')\nexec(getattr(a, 'b') + getattr(a, 'c', 'dflt') + "
         "str(hasattr(a, 'b')))\n",
         " exec(\"vdfltTrue\")"},
        {"class A:\n def __init__(self): self.q = 'w'\nexec(A().__dict__['q'] + vars(A())['q'])\n",
         " exec(\"ww\")"},
        {"from types import SimpleNamespace\nn = SimpleNamespace(a='x', b='y')\nn.c = n.a + n.b\nexec(n.c)\n",
         " exec(\"xy\")"},
        {"class A:\n \"\"\"doc text\"\"\"\ndef f():\n 'fdoc'\nexec(A.__doc__ + f.__doc__)\n",
         " exec(\"doc textfdoc\")"},
        {"def f(): pass\nclass Abc: pass\nexec(f.__name__ + Abc.__name__ + type(Abc()).__name__ + "
         "Abc().__class__.__name__)\n",
         " exec(\"fAbcAbcAbc\")"},
        {"class A:\n def __format__(self, s): return 'F' + s\nexec(f'{A():x}')\n", " exec(\"Fx\")"},
        {"class A:\n def __eq__(self, o): return True\n def __lt__(self, o): return True\nexec(str(A() == 1) "
         "+ str(A() < 2) + str(A() != 1))\n",
         " exec(\"TrueTrueFalse\")"});
}

TEST(generators)
{
    ROWS(
        {"def g():\n x = yield 'a'\n y = yield x + '1'\n yield y + '2'\ni = g()\nr = next(i)\nr += "
         "i.send('b')\nr += i.send('c')\nexec(r)\n",
         " exec(\"ab1c2\")"},
        {"def g():\n n = 0\n while True:\n  n += 1\n  yield n\ni = g()\nexec(str(next(i)) + str(next(i)) + "
         "str(next(i)))\n",
         " exec(\"123\")"},
        {"def g(s):\n for c in s: yield chr(ord(c) - 1)\nexec(''.join(g('ifmmp')))\n", " exec(\"hello\")"},
        {"def g():\n yield from 'ab'\n yield from [x + '!' for x in 'cd']\nexec(''.join(g()))\n",
         " exec(\"abc!d!\")"},
        {"def inner():\n yield 'a'\n return 'ret'\ndef outer():\n r = yield from inner()\n yield "
         "r\nexec(''.join(outer()))\n",
         " exec(\"aret\")"},
        {"def g():\n try:\n  yield 'a'\n finally:\n  log.append('f')\nlog = []\nfor x in g(): "
         "log.append(x)\nexec(''.join(log))\n",
         " exec(\"af\")"},
        {"n = [0]\ndef g():\n for i in range(3):\n  n[0] += 1\n  yield n[0]\nr = []\nfor x in g():\n n[0] += "
         "10\n r.append(str(x))\nexec(','.join(r))\n",
         " exec(\"1,12,23\")"},
        {"k = 1\ndef g():\n for i in range(3):\n  yield chr(97 + k * i)\nr = ''\nfor x in g():\n k = k + 1\n "
         "r += x\nexec(r)\n",
         " exec(\"acg\")"},
        {"from itertools import islice, count, cycle\ndef fib():\n a, b = 0, 1\n while 1:\n  yield a\n  a, b "
         "= b, a + b\nexec(','.join(str(x) for x in islice(fib(), 8)))\n",
         " exec(\"0,1,1,2,3,5,8,13\")"},
        {"from itertools import cycle\nk = cycle([1, 2, 3])\nexec(''.join(chr(ord(c) ^ next(k)) for c in "
         "'hello'))\n",
         " exec(\"igomm\")"},
        {"from itertools import cycle\nexec(''.join(chr(a ^ ord(b)) for a, b in zip([1, 2, 3, 4], "
         "cycle('key'))))\n",
         " exec(\"jgzo\")"},
        {"from itertools import count\nexec(''.join(c + str(i) for c, i in zip('abc', count(5))))\n",
         " exec(\"a5b6c7\")"},
        {"from itertools import starmap, takewhile, dropwhile, compress, zip_longest, "
         "tee\nexec(str(list(starmap(pow, [(2, 3), (3, 2)]))) + str(list(takewhile(lambda x: x < 3, [1, 2, "
         "3, 1]))) + ''.join(compress('abc', [1, 0, 1])) + str(list(zip_longest('ab', 'c', "
         "fillvalue='-'))))\n",
         " exec(\"[8, 9][1, 2]ac[('a', 'c'), ('b', '-')]\")"},
        {"g = (x * 2 for x in 'abc')\na = next(g)\nexec(a + ''.join(g) + ''.join(g))\n", " exec(\"aabbcc\")"},
        {"def g():\n got = []\n try:\n  while True:\n   got.append((yield len(got)))\n except "
         "GeneratorExit:\n  pass\ni = g()\nnext(i)\nexec(str(i.send('a')) + str(i.send('b')))\n",
         " exec(\"12\")"},
        {"def co():\n buf = ''\n while True:\n  c = yield buf\n  if c is None: return\n  buf += c\nc = "
         "co()\nnext(c)\nfor ch in 'abc': r = c.send(ch)\nexec(r)\n",
         " exec(\"abc\")"},
        {"it = iter([1, 2, 3, 4])\nexec(';'.join(str(a) + str(b) for a, b in zip(it, it)))\n",
         " exec(\"12;34\")"},
        {"it = iter('abcd')\nexec(next(it) + next(it) + ''.join(it) + next(it, 'end'))\n",
         " exec(\"abcdend\")"},
        {"s = iter('abc')\nr = []\nwhile True:\n try: r.append(next(s))\n except StopIteration: "
         "break\nexec(''.join(r))\n",
         " exec(\"abc\")"},
        {"m = map(lambda c: c + '!', 'ab')\nexec(''.join(m) + ''.join(m))\n", " exec(\"a!b!\")"},
        {"z = zip('abc', [1, 2, 3])\nnext(z)\nexec(str(list(z)) + str(list(z)))\n",
         " exec(\"[('b', 2), ('c', 3)][]\")"},
        {"x = [3, 1, 2]\nit = iter(lambda: x.pop(), 3)\nexec(str(list(it)))\n", " exec(\"[2, 1]\")"});
}

TEST(closures_functions)
{
    ROWS({"def mk():\n n = 0\n def f():\n  nonlocal n\n  n += 1\n  return n\n return f\nf = mk(); g = "
          "mk()\nf(); f()\nexec(str(f()) + str(g()))\n",
          " exec(\"31\")"},
         {"def compose(*fs):\n def run(x):\n  for f in fs: x = f(x)\n  return x\n return "
          "run\nexec(compose(str.upper, lambda s: s[::-1], lambda s: s + '!')('abc'))\n",
          " exec(\"CBA!\")"},
         {"compose = lambda f, g: lambda x: f(g(x))\nimport base64\ndec = compose(lambda b: b.decode(), "
          "base64.b64decode)\nexec(dec('aGVsbG8='))\n",
          " exec(\"hello\")"},
         {"from functools import reduce, partial\nexec(reduce(lambda f, g: lambda x: g(f(x)), [str.upper, "
          "lambda s: s + '1', lambda s: s[::-1]])('ab'))\n",
          " exec(\"1BA\")"},
         {"from functools import partial\ndef f(a, b, c='x'): return a + b + c\nexec(partial(f, 'p', "
          "c='q')('r') + partial(f, 'z')('y'))\n",
          " exec(\"prqzyx\")"},
         {"from functools import lru_cache\n@lru_cache(maxsize=None)\ndef fib(n): return n if n < 2 else "
          "fib(n - 1) + fib(n - 2)\nexec(str(fib(20)))\n",
          " exec(\"6765\")"},
         {"reg = {}\ndef register(name):\n def d(f):\n  reg[name] = f\n  return f\n return "
          "d\n@register('a')\ndef fa(): return 'A'\n@register('b')\ndef fb(): return "
          "'B'\nexec(''.join(reg[k]() for k in 'ab'))\n",
          " exec(\"AB\")"},
         {"Y = lambda f: (lambda x: x(x))(lambda y: f(lambda *a: y(y)(*a)))\nexec(Y(lambda s: lambda n: '' "
          "if n == 0 else str(n) + s(n - 1))(4))\n",
          " exec(\"4321\")"},
         {"def f(*a, **k): return str(a) + str(sorted(k.items()))\nexec(f(1, *[2, 3], z=1, **{'y': 2}))\n",
          " exec(\"(1, 2, 3)[('y', 2), ('z', 1)]\")"},
         {"def f(a, /, b, *, c): return a + b + c\nexec(f('1', b='2', c='3'))\n", " exec(\"123\")"},
         {"def f(a, l=[]):\n l.append(a)\n return l\nf(1); f(2)\nexec(str(f(3)))\n", " exec(\"[1, 2, 3]\")"},
         {"fs = [lambda: i for i in range(3)]\nexec(''.join(str(f()) for f in fs))\n", " exec(\"222\")"},
         {"l = []\nfor i in range(3):\n def f(i=i): return i\n l.append(f)\nexec(''.join(str(f()) for f in "
          "l))\n",
          " exec(\"012\")"},
         {"def outer():\n x = 'o'\n class A:\n  def f(self): return x\n return A\nexec(outer()().f())\n",
          " exec(\"o\")"},
         {"x = 5\ndef f():\n global x\n x = x * 2\n return x\nf(); f()\nexec(str(x))\n", " exec(\"20\")"},
         {"def even(n): return True if n == 0 else odd(n - 1)\ndef odd(n): return False if n == 0 else "
          "even(n - 1)\nexec(str(even(10)))\n",
          " exec(\"True\")"},
         {"import operator\nexec(''.join(map(chr, map(operator.xor, [104 ^ 7, 105 ^ 7], [7, 7]))) + "
          "operator.itemgetter(1)(['a', 'b']) + operator.methodcaller('upper')('q') + str(operator.add(1, "
          "2)))\n",
          " exec(\"hibQ3\")"},
         {"from operator import itemgetter, attrgetter\nexec(''.join(map(itemgetter(1), sorted([(2, 'b'), "
          "(1, 'a')], key=itemgetter(0)))))\n",
          " exec(\"ab\")"},
         {"f = lambda *a, s='-': s.join(a)\nexec(f('a', 'b') + f('c', 'd', s='+'))\n", " exec(\"a-bc+d\")"},
         {"def f(n):\n if n == 0: return ''\n return f(n - 1) + chr(96 + n)\nexec(f(5))\n",
          " exec(\"abcde\")"},
         {"def f(x):\n try:\n  return 'r'\n finally:\n  log.append('f')\nlog = []\nexec(f(1) + log[0])\n",
          " exec(\"rf\")"},
         {"def f():\n for i in range(5):\n  try:\n   if i == 2: return 'i%d' % i\n  finally:\n   "
          "log.append(str(i))\nlog = []\nexec(f() + ''.join(log))\n",
          " exec(\"i2012\")"});
}

TEST(exceptions)
{
    ROWS({"try:\n {}['x']\nexcept KeyError as e:\n exec('k' + str(e))\n", " exec(\"k'x'\")"},
         {"try:\n [][1]\nexcept IndexError:\n r = 'i'\ntry:\n 1 / 0\nexcept ZeroDivisionError as e:\n r += "
          "str(e)\nexec(r)\n",
          " exec(\"idivision by zero\")"},
         {"try:\n int('zz')\nexcept ValueError:\n r = 'v'\nelse:\n r = 'n'\nfinally:\n r += 'f'\nexec(r)\n",
          " exec(\"vf\")"},
         {"class E(Exception): pass\ntry:\n raise E('payload')\nexcept E as e:\n exec(e.args[0] + str(e))\n",
          " exec(\"payloadpayload\")"},
         {"class E(Exception):\n def __init__(self, c): self.c = c\ndef f(n):\n if n == 0: raise E('done')\n "
          "f(n - 1)\ntry:\n f(3)\nexcept E as e:\n exec(e.c)\n",
          " exec(\"done\")"},
         {"r = ''\nfor c in 'a1b':\n try:\n  int(c)\n except ValueError:\n  r += c\n else:\n  r += "
          "'#'\nexec(r)\n",
          " exec(\"a#b\")"},
         {"try:\n try:\n  raise KeyError('a')\n except ValueError:\n  r = 'wrong'\nexcept (KeyError, "
          "TypeError) as e:\n r = 'right' + e.args[0]\nexec(r)\n",
          " exec(\"righta\")"},
         {"def f():\n try:\n  raise LookupError('q')\n except LookupError:\n  raise ValueError('w')\ntry:\n "
          "f()\nexcept ValueError as e: exec(str(e))\n",
          " exec(\"w\")"},
         {"r = []\ntry:\n r.append('a')\n None.foo\n r.append('b')\nexcept AttributeError:\n "
          "r.append('c')\nexec(''.join(r))\n",
          " exec(\"ac\")"},
         {"try:\n undefined_name\nexcept NameError:\n exec('ne')\n", " exec(\"ne\")"},
         {"try:\n 'a' + 1\nexcept TypeError:\n exec('te')\n", " exec(\"te\")"},
         {"try:\n raise SystemExit('bye')\nexcept BaseException as e:\n exec(str(e))\n", " exec(\"bye\")"},
         {"d = {'a': 1}\ntry: v = d['b']\nexcept KeyError: v = 'dflt'\nexec(str(v))\n", " exec(\"dflt\")"});
}

TEST(bytearray_memoryview_slices)
{
    ROWS({"b = bytearray(b'ifmmp')\nfor i in range(len(b)): b[i] = b[i] - 1\nexec(b.decode())\n",
          " exec(\"hello\")"},
         {"b = bytearray(5)\nb[1:3] = b'xy'\nb.append(33)\nb.extend(b'!!')\nb += b'zz'\ndel "
          "b[0]\nb.insert(0, 65)\nexec(bytes(b).hex() + str(len(b)) + str(b.pop()))\n",
          " exec(\"41787900002121217a7a10122\")"},
         {"m = memoryview(b'abcdef')[::2]\nexec(bytes(m).decode() + str(len(m)))\n", " exec(\"ace3\")"},
         {"l = [1, 2, 3, 4, 5]\nl[1:3] = [9, 9, 9]\ndel l[0]\nl[::2] = [0] * len(l[::2])\nexec(str(l))\n",
          " exec(\"[0, 9, 0, 4, 0]\")"},
         {"l = list('abcdef')\nl[::2], l[1::2] = l[1::2], l[::2]\nexec(''.join(l))\n", " exec(\"badcfe\")"},
         {"l = list(range(10))\ndel l[::3]\nexec(str(l))\n", " exec(\"[1, 2, 4, 5, 7, 8]\")"},
         {"a = [[0] * 2 for _ in range(2)]\na[0][1] = 5\nexec(str(a))\n", " exec(\"[[0, 5], [0, 0]]\")"},
         {"a = [[0]] * 3\na[0][0] = 7\nexec(str(a))\n", " exec(\"[[7], [7], [7]]\")"},
         {"s = [0] * 256\nfor i in range(256): s[i] = i\nj = 0\nk = b'key'\nfor i in range(256):\n j = (j + "
          "s[i] + k[i % 3]) & 255\n s[i], s[j] = s[j], s[i]\nexec(','.join(map(str, s[:8])))\n",
          " exec(\"107,195,95,122,35,161,131,126\")"});
}

TEST(dicts_sets)
{
    ROWS({"from collections import ChainMap, OrderedDict, defaultdict, Counter, deque\nc = ChainMap({'a': "
          "'x'}, {'a': 'y', 'b': 'z'})\nexec(c['a'] + c['b'])\n",
          " exec(\"xz\")"},
         {"from collections import defaultdict\nd = defaultdict(list)\nfor i, c in enumerate('abcab'): "
          "d[c].append(str(i))\nexec(';'.join(k + ''.join(v) for k, v in d.items()))\n",
          " exec(\"a03;b14;c2\")"},
         {"from collections import deque\nq = "
          "deque('abc')\nq.rotate(1)\nq.appendleft('z')\nq.append('y')\nexec(''.join(q) + q.popleft() + "
          "q.pop())\n",
          " exec(\"zcabyzy\")"},
         {"from collections import defaultdict\nd = defaultdict(int)\nfor c in 'aab': d[c] += "
          "1\nexec(str(dict(d)))\n",
          " exec(\"{'a': 2, 'b': 1}\")"},
         {"d = dict(zip('abc', 'xyz'))\ninv = {v: k for k, v in d.items()}\nexec(''.join(inv[c] for c in "
          "'zyx') + ''.join(sorted(d)))\n",
          " exec(\"cbaabc\")"},
         {"d = {}\nd.setdefault('a', []).append(1)\nd.setdefault('a', []).append(2)\nexec(str(d))\n",
          " exec(\"{'a': [1, 2]}\")"},
         {"d = {(1, 2): 'a', (3, 4): 'b'}\nexec(d[(1, 2)] + d[3, 4])\n", " exec(\"ab\")"},
         {"s = {1, 2, 3}\ns.add(4); s.discard(1); s.remove(2)\nexec(str(sorted(s | {9})) + str(sorted(s & "
          "{3})) + str(3 in s) + str(len(s)))\n",
          " exec(\"[3, 4, 9][3]True2\")"},
         {"d = {'x': {'y': {'z': 'deep'}}}\nexec(d['x']['y']['z'] + d.get('q', {}).get('w', 'no'))\n",
          " exec(\"deepno\")"},
         {"d = {'f': lambda x: x + 1, 'g': str}\nexec(d['g'](d['f'](4)))\n", " exec(\"5\")"},
         {"d = dict.fromkeys('ab', 0)\nd['a'] += 1\nexec(str(d) + str(list(d.keys())) + "
          "str(list(d.values())) + str(list(d.items())))\n",
          " exec(\"{'a': 1, 'b': 0}['a', 'b'][1, 0][('a', 1), ('b', 0)]\")"},
         {"d = {}\nfor i, c in enumerate('hello'): d[i] = c\nexec(''.join(d[k] for k in sorted(d, "
          "reverse=True)))\n",
          " exec(\"olleh\")"});
}

TEST(sorted_min_max_key)
{
    ROWS({"l = [3, 1, 2]\nl.sort(key=lambda v: -v)\nexec(str(l))\n", " exec(\"[3, 2, 1]\")"},
         {"l = ['bb', 'a', 'ccc']\nexec(str(sorted(l, key=len, reverse=True)) + max(l, key=len) + min(l, "
          "key=len))\n",
          " exec(\"['ccc', 'bb', 'a']ccca\")"},
         {"exec(''.join(c for _, c in sorted(zip([3, 1, 2], 'cab'))))\n", " exec(\"abc\")"},
         {"l = [('b', 2), ('a', 2), ('c', 1)]\nl.sort(key=lambda t: (t[1], t[0]))\nexec(str(l))\n",
          " exec(\"[('c', 1), ('a', 2), ('b', 2)]\")"},
         {"order = [2, 0, 1]\nexec(''.join(x for _, x in sorted(zip(order, 'abc'), key=lambda p: p[0])))\n",
          " exec(\"bca\")"},
         {"class P:\n def __init__(self, n): self.n = n\n def __lt__(self, o): return self.n < "
          "o.n\nexec(''.join(str(p.n) for p in sorted([P(3), P(1), P(2)])))\n",
          " exec(\"123\")"},
         {"exec(str(sum([[1], [2]], [])) + str(any(x > 1 for x in [1, 2])) + str(all([1, 0])) + str(max(3, "
          "7)) + str(min('b', 'a')) + str(max([1, 5], default=0)) + str(max([], default=9)))\n",
          " exec(\"[1, 2]TrueFalse7a59\")"});
}

TEST(match)
{
    ROWS({"match ['go', 'north', 'x']:\n case ['go', d]: r = d\n case ['go', d, *rest]: r = d + "
          "''.join(rest)\nexec(r)\n",
          " exec(\"northx\")"},
         {"def f(x):\n match x:\n  case int() | float(): return 'n'\n  case str() as s if s: return s\n  "
          "case None: return 'none'\n  case _: return 'o'\nexec(f(1) + f('q') + f(None) + f([]))\n",
          " exec(\"nqnoneo\")"});
}

TEST(loops_unpacking)
{
    ROWS({"a, *b, c = 1, 2, 3, 4\nexec(str(a) + str(b) + str(c))\n", " exec(\"1[2, 3]4\")"},
         {"(a, b), [c, *d] = (1, 2), 'xyz'\nexec(str(a + b) + c + ''.join(d))\n", " exec(\"3xyz\")"},
         {"r = ''\nfor i, (a, b) in enumerate(zip('ab', 'cd')): r += str(i) + a + b\nexec(r)\n",
          " exec(\"0ac1bd\")"},
         {"r = ''\nfor i in range(5):\n if i == 3: break\n r += str(i)\nelse:\n r += 'e'\nexec(r)\n",
          " exec(\"012\")"},
         {"r = ''\nfor i in range(2):\n r += str(i)\nelse:\n r += 'e'\nexec(r)\n", " exec(\"01e\")"},
         {"i = 0; r = ''\nwhile i < 6:\n i += 1\n if i % 2: continue\n r += str(i)\nelse:\n r += "
          "'e'\nexec(r)\n",
          " exec(\"246e\")"},
         {"r = ''\nwhile (n := len(r)) < 4: r += str(n)\nexec(r)\n", " exec(\"0123\")"},
         {"exec(''.join(y for x in ['ab', 'cd'] for y in x if y != 'b'))\n", " exec(\"acd\")"},
         {"exec(str([y := 1, y + 1, y * 5]) + str([(z := x) for x in 'ab']) + z)\n",
          " exec(\"[1, 2, 5]['a', 'b']b\")"},
         {"l = [1, 2, 3, 4]\nfor x in l:\n if x % 2 == 0: l.remove(x)\nexec(str(l))\n", " exec(\"[1, 3]\")"},
         {"l = [1]\nfor x in l:\n if x < 5: l.append(x + 1)\nexec(str(l))\n", " exec(\"[1, 2, 3, 4, 5]\")"},
         {"state = 'a'\nout = ''\nwhile state != 'end':\n if state == 'a':\n  l = ['x', 'y']\n  state = "
          "'b'\n elif state == 'b':\n  out += ''.join(l)\n  state = 'c'\n else:\n  out += '!'\n  state = "
          "'end'\nexec(out)\n",
          " exec(\"xy!\")"},
         {"prog = [('push', 'a'), ('push', 'b'), ('cat',), ('up',)]\nst = []\nfor op, *arg in prog:\n if op "
          "== 'push': st.append(arg[0])\n elif op == 'cat':\n  y = st.pop(); x = st.pop(); st.append(x + "
          "y)\n elif op == 'up': st.append(st.pop().upper())\nexec(st[-1])\n",
          " exec(\"AB\")"},
         {"ops = {'+': lambda a, b: a + b, '*': lambda a, b: a * b}\nst = []\nfor t in '3 4 + 5 "
          "*'.split():\n if t in ops:\n  b, a = st.pop(), st.pop()\n  st.append(ops[t](a, b))\n else: "
          "st.append(int(t))\nexec(str(st.pop()))\n",
          " exec(\"35\")"});
}

TEST(text_methods_formats)
{
    ROWS({"exec('hello world'.title() + 'a-b-c'.rpartition('-')[0] + 'abc'.translate({97: 'z', 98: None}) + "
          "'x'.center(5, '*'))\n",
          " exec(\"Hello Worlda-bzc**x**\")"},
         {"t = str.maketrans('abc', 'xyz', 'q')\nexec('aqbc'.translate(t))\n", " exec(\"xyz\")"},
         {"exec('abc'.encode().hex() + bytes.fromhex('6869').decode() + (b'a' * 3).decode() + bytes([1, "
          "2]).hex())\n",
          " exec(\"616263hiaaa0102\")"},
         {"w = 'the quick brown'.split()\nexec(' '.join(x.capitalize() for x in w) + ''.join(x[0] for x in "
          "w))\n",
          " exec(\"The Quick Browntqb\")"},
         {"exec(f\"{'a':>3}{3.14159:.2f}{255:#x}{1000000:,}{'q'!r}{2**10}\")\n",
          " exec(\"  a3.140xff1,000,000'q'1024\")"});
}

TEST(exec_and_eval)
{
    ROWS({"x = 'q'\nexec(eval('x + \"w\"'))\n", " exec(\"qw\")"});
}

TEST(numbers)
{
    ROWS({"def h(s):\n v = 5381\n for c in s: v = (v * 33 + ord(c)) & 0xffffffff\n return "
          "v\nexec(str(h('hello')))\n",
          " exec(\"261238937\")"},
         {"x = 123456789\nr = []\nfor _ in range(5):\n x = (1103515245 * x + 12345) % (1 << 31)\n "
          "r.append(chr(97 + x % 26))\nexec(''.join(r))\n",
          " exec(\"yrorq\")"},
         {"n = int.from_bytes(b'hello', 'big')\nexec(n.to_bytes(5, 'big').decode() + str(n % 97) + hex(n))\n",
          " exec(\"hello560x68656c6c6f\")"},
         {"def b36(n):\n r = ''\n while n: n, d = divmod(n, 36); r = "
          "'0123456789abcdefghijklmnopqrstuvwxyz'[d] + r\n return r\nexec(b36(29234652))\n",
          " exec(\"hello\")"},
         {"x = 1 << 100\nexec(hex(x ^ (x >> 3)) + str(x % 1000007) + str(pow(3, 50, 1009)))\n",
          " exec(\"0x12000000000000000000000000698635668\")"},
         {"import hashlib\nk = hashlib.sha256(b'k').digest()\nd = bytes(a ^ k[i % len(k)] for i, a in "
          "enumerate(b'hello'))\nexec(bytes(a ^ k[i % len(k)] for i, a in enumerate(d)).decode())\n",
          " exec(\"hello\")"},
         {"import codecs\nexec(codecs.decode('uryyb', 'rot13') + codecs.encode('a', 'rot_13'))\n",
          " exec(\"hellon\")"},
         {"def conf(s):\n    a = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'\n    d = [a.index(x) for x "
          "in s]\n    out = []\n    for i in range(0, len(d), 3):\n        t = d[i:i + 3]\n        if len(t) "
          "== 3:\n            out += divmod(t[0] + t[1] * 45 + t[2] * 2025, 256)\n        else:\n            "
          "out.append(t[0] + t[1] * 45)\n    return bytes(out)\nexec(conf('+NATTA').decode())\n",
          " exec(\"SMTP\")"},
         {"def conf(s):\n    t = {x: i for i, x in "
          "enumerate('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,./"
          ":;<=>\?@[]^_`{|}~\"')}\n    v, b, n = -1, 0, 0\n    out = bytearray()\n    for ch in s:\n        "
          "x = t[ch]\n        if v < 0:\n            v = x\n        else:\n            v += x * 91\n         "
          "   b |= v << n\n            n += 13 if (v & 8191) > 88 else 14\n            while True:\n         "
          "       out.append(b & 255)\n                b >>= 8\n                n -= 8\n                if "
          "not n > 7:\n                    break\n            v = -1\n    if v + 1:\n        out.append((b | "
          "v << n) & 255)\n    return bytes(out)\nexec(conf('NGZ2ghxvG').decode())\n",
          " exec(\"/bin/sh\")"},
         {"def chr(x): return 'Y'\nexec(chr(97) + str(ord('a')))\n", " exec(\"Y97\")"},
         {"import sys\nclass Mod: pass\nm = Mod()\nm.run = lambda s: s * 2\nexec(m.run('ab'))\n",
          " exec(\"abab\")"},
         {"a = b = []\na.append('x')\nb += ['y']\nc = b[:]\nc.append('z')\nexec(''.join(a) + ''.join(c))\n",
          " exec(\"xyxyz\")"},
         {"t = (1, [2])\nt[1].append(3)\nexec(str(t))\n", " exec(\"(1, [2, 3])\")"},
         {"x = 1\ndef f():\n x = 2\n def g(): return x\n x = 3\n return g\nexec(str(f()()))\n",
          " exec(\"3\")"},
         {"class A: pass\nclass B(A): pass\nexec(str(isinstance(B(), A)) + str(issubclass(B, A)) + "
          "str(type(B()) is B))\n",
          " exec(\"TrueTrueTrue\")"},
         {"from abc import ABC, abstractmethod\nclass A(ABC):\n @abstractmethod\n def f(self): ...\nclass "
          "B(A):\n def f(self): return 'impl'\nexec(B().f())\n",
          " exec(\"impl\")"},
         {"class Node:\n def __init__(self, v, n=None): self.v, self.n = v, n\nl = Node('a', Node('b', "
          "Node('c')))\nr = ''\nwhile l: r += l.v; l = l.n\nexec(r)\n",
          " exec(\"abc\")"},
         {"class Tree:\n def __init__(self, v): self.v, self.l, self.r = v, None, None\n def add(self, v):\n "
          " if v < self.v:\n   if self.l: self.l.add(v)\n   else: self.l = Tree(v)\n  else:\n   if self.r: "
          "self.r.add(v)\n   else: self.r = Tree(v)\n def walk(self):\n  if self.l: yield from "
          "self.l.walk()\n  yield self.v\n  if self.r: yield from self.r.walk()\nt = Tree(5)\nfor x in [2, "
          "8, 1, 9]: t.add(x)\nexec(''.join(map(str, t.walk())))\n",
          " exec(\"12589\")"},
         {"import json\nexec(json.loads('{\"a\": [\"x\", \"y\"]}')['a'][1] + json.dumps({'k': [1, None]}))\n",
          " exec(\"y{\\\"k\\\": [1, null]}\")"},
         {"x = 'a' if 0 else 'b'\ny = 0 or 'c'\nz = 1 and 'd'\nexec(x + y + z)\n", " exec(\"bcd\")"},
         {"a, b = 'x', 'y'\na, b = b, a\nl = [0, 1]\ni = 0\ni, l[i] = 1, 'q'\nexec(a + b + str(l))\n",
          " exec(\"yx[0, 'q']\")"});
}

/* A call is recorded with what it is handed when the file runs, wherever it stands. */
TEST(sinks)
{
    ROWS({"import os\ndef f(s):\n t = ''\n for c in s: t = chr(ord(c) ^ 1) + t\n "
          "os.system(t)\nf('abc')\nf('zzz')\n",
          " os.system(\"bc`\"); os.system(\"{{{\")"},
         {"import os\nfor s in ['abc', 'xyz']:\n t = ''\n for c in s: t = chr(ord(c) ^ 1) + t\n "
          "os.system(t)\n",
          " os.system(\"bc`\"); os.system(\"{xy\")"},
         {"import os\ntab = {}\ndef find(n):\n for k in ['system', 'popen']: tab[k] = getattr(os, k)\n"
          " return tab[n[::-1]]\nfind('nepop')('x')\n",
          " os.popen(\"x\")"},
         {"import os\nt = ['c', 'a', 'b']\nfor _ in range(2): t.append(t.pop(0))\nos.unlink(t[0] + t[2])\n",
          " os.unlink(\"ba\")"});
}

/* What is not known stays so. */
TEST(unknown)
{
    ROWS(
        {"import os\ndef g():\n for c in os.listdir('.'): yield c\nx = ''\nfor c in g(): x += c\nexec(x)\n",
         "!exec(\"\")"},
        {"import os\nl = ['a']\ndef g():\n yield 'x'\n if os.getpid() > 5: yield 'y'\nexec(''.join(g()))\n",
         "!exec(\"x\")"},
        {"import os\nr = 'a'\ntry:\n os.stat('x')\n r = 'b'\nexcept OSError:\n r = 'c'\nexec(r + chr(100))\n",
         "!exec(\"bd\"); !exec(\"cd\"); !exec(\"ad\")"},
        {"class A: pass\na = A()\nprint_to(a)\na.x = chr(97)\nother()\nexec(a.x)\n", "!exec(\"a\")"},
        {"d = {chr(97): 1}\nfoo(d)\nbar()\nexec(str(d.get('a')))\n", "!exec(\"1\")"},
        {"def g():\n x = yield 1\n yield x\ni = g()\nnext(i)\nhand_out(i)\nexec(str(i.send('q')))\n",
         "!exec(\"q\")"},
        {"s = [1]\ns.sort(key=unknown)\nuse(s)\nexec(str(s[0]))\n", "!exec(\"2\")"});
}

TESTS_MAIN()
