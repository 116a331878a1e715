/* SPDX-License-Identifier: Apache-2.0 */
/* Ways to say a name in Python: each source hides one call, whose symbol and arguments must be in the record. */
#include "py_rows.h"

TEST(aliases)
{
    ROWS({"import os as o\nf = g = o.system\nh = g\nh('x')\n", " os.system(\"x\")"},
         {"from os import system as s, popen as p\na, b = s, p\nb('x')\n", " os.popen(\"x\")"},
         {"import os\n(a, [b, *c]) = (1, [os.system, os.popen, os.kill])\nb('x'); c[1](2)\n",
          " os.system(\"x\"); os.kill(2)"},
         {"import os\na, *r = os.system, os.popen\nr[0]('x')\n", " os.popen(\"x\")"},
         {"import os\nif (f := os.system): f('x')\n", " os.system(\"x\")"},
         {"import os\n[s := os.system]\ns('x')\n", " os.system(\"x\")"},
         {"import os.path as p\np.os.system('x')\n", " os.system(\"x\")"},
         {"from os import *\nsystem('x')\n", " os.system(\"x\")"},
         {"try:\n import simplejson as j\nexcept ImportError:\n import json as j\nj.loads('1')\n",
          "json.loads(\"1\")"});
}

TEST(attributes)
{
    ROWS({"import os\ngetattr(os, 'sys' + 'tem')('x')\n", " os.system(\"x\")"},
         {"import os\nf = getattr\nf(f(os, 'path'), 'join')('x')\n", " os.path.join(\"x\")"},
         {"import os\ngetattr(os, 'nope', None) or getattr(os, 'system')('x')\n", " os.system(\"x\")"},
         {"import os\nif hasattr(os, 'system'): os.__getattribute__('system')('x')\n", " os.system(\"x\")"},
         {"import os\nobject.__getattribute__(os, 'system')('x')\n", " os.system(\"x\")"},
         {"import os\ntype(os).__getattribute__(os, 'system')('x')\n", " os.system(\"x\")"},
         {"import os\nos.__dict__['system']('x')\n", " os.system(\"x\")"},
         {"import os\nos.__dict__.get('system')('x')\n", " os.system(\"x\")"},
         {"import os\nvars(os)['system']('x')\nvars(os).get('popen')('y')\n",
          " os.system(\"x\"); os.popen(\"y\")"},
         {"import os\ngetattr(os, '__dict__')['system']('x')\n", " os.system(\"x\")"},
         {"import os\nos.__dict__.__getitem__('system').__call__('x')\n", " os.system(\"x\")"},
         {"import operator, os\noperator.attrgetter('system')(os)('x')\n", " os.system(\"x\")"},
         {"from operator import attrgetter as g\nimport os\ng('path.join')(os)('x')\n",
          " os.path.join(\"x\")"},
         {"from operator import methodcaller\nimport os\nmethodcaller('system', 'x')(os)\n",
          " os.system(\"x\")"},
         {"from operator import itemgetter\nimport os\nitemgetter('system')(os.__dict__)('x')\n",
          " os.system(\"x\")"},
         {"import operator, os\noperator.call(os.system, 'x')\n", " os.system(\"x\")"},
         {"import operator, os\noperator.getitem(vars(os), 'system')('x')\n", " os.system(\"x\")"},
         {"class A: pass\nimport os\nsetattr(A, 'run', os.system)\nA.run('x')\n", " os.system(\"x\")"},
         {"class A: pass\nimport os\na = A()\nsetattr(a, 'run', os.system)\na.run('x')\n",
          " os.system(\"x\")"},
         {"class A: pass\nimport os\na = A()\na.__dict__['run'] = os.system\na.run('x')\n",
          " os.system(\"x\")"},
         {"class A: pass\nimport os\na = A()\na.__dict__.update(run=os.system)\na.run('x')\n",
          " os.system(\"x\")"},
         {"import os, inspect\ninspect.getattr_static(os, 'system')('x')\n", " os.system(\"x\")"});
}

TEST(imports)
{
    ROWS({"__import__('os').system('x')\n", " os.system(\"x\")"},
         {"__import__('os.path').system('x')\n", " os.system(\"x\")"},
         {"__import__('os.path', fromlist=['join']).join('x')\n", " os.path.join(\"x\")"},
         {"__import__('os.path', globals(), locals(), ['join'], 0).join('x')\n", " os.path.join(\"x\")"},
         {"__import__(name='os').system('x')\n", " os.system(\"x\")"},
         {"i = __import__\ni('so'[::-1]).system('x')\n", " os.system(\"x\")"},
         {"__builtins__.__import__('os').system('x')\n", " os.system(\"x\")"},
         {"import importlib\nimportlib.import_module('os').system('x')\n", " os.system(\"x\")"},
         {"import importlib\nimportlib.import_module('.path', 'os').join('x')\n", " os.path.join(\"x\")"},
         {"import importlib, os\nimportlib.reload(os).system('x')\n", " os.system(\"x\")"},
         {"import importlib.util as u\nu.module_from_spec(u.find_spec('os')).system('x')\n",
          " os.system(\"x\")"},
         {"import importlib.util as u\nu.find_spec('os').loader.load_module().system('x')\n",
          " os.system(\"x\")"},
         {"import importlib\nimportlib.util.find_spec('os').loader.load_module('os').system('x')\n",
          " os.system(\"x\")"},
         {"import pkgutil\npkgutil.find_loader('os').load_module('os').system('x')\n", " os.system(\"x\")"},
         {"import pkgutil\npkgutil.resolve_name('os:system')('x')\npkgutil.resolve_name('os.popen')('y')\n",
          " os.system(\"x\"); os.popen(\"y\")"},
         {"import sys\nsys.modules['os'].system('x')\n", " os.system(\"x\")"},
         {"import sys\nsys.modules.get('os').system('x')\n", " os.system(\"x\")"},
         {"import sys\nsys.modules[__name__].exec('x')\n", "exec(\"x\")"},
         {"from sys import modules as m\nm['os'].__dict__['system']('x')\n", " os.system(\"x\")"},
         {"import imp\nimp.load_module('os', *imp.find_module('os')).system('x')\n", " os.system(\"x\")"},
         {"import importlib\nm = importlib.import_module\n[m(n).system('x') for n in ['os']]\n",
          " os.system(\"x\")"});
}

TEST(namespaces)
{
    ROWS({"globals()['exec']('1')\n", " exec(\"1\")"},
         {"globals()['__builtins__'].exec('1')\n", " exec(\"1\")"},
         {"globals()['__builtins__']['exec']('1')\n", " exec(\"1\")"},
         {"globals().get('__builtins__').__dict__['exec']('1')\n", " exec(\"1\")"},
         {"getattr(globals()['__builtins__'], 'exec')('1')\n", " exec(\"1\")"},
         {"__builtins__.__dict__['exec']('1')\n", " exec(\"1\")"},
         {"__builtins__['exec']('1')\n", " exec(\"1\")"},
         {"vars(__builtins__)['exec']('1')\n", " exec(\"1\")"},
         {"import builtins\nbuiltins.__dict__['exec']('1')\n", " exec(\"1\")"},
         {"import builtins as b\ngetattr(b, 'ex' + 'ec')('1')\n", " exec(\"1\")"},
         {"from builtins import exec as e\ne('1')\n", " exec(\"1\")"},
         {"__import__('builtins').exec('1')\n", " exec(\"1\")"},
         {"globals()['x'] = __import__('os')\nx.system('x')\n", " os.system(\"x\")"},
         {"globals().update(x=__import__('os').system)\nx('x')\n", " os.system(\"x\")"},
         {"globals().update({'x': __import__('os').system})\nx('x')\n", " os.system(\"x\")"},
         {"locals()['x'] = exec\nx('1')\n", " exec(\"1\")"}, {"vars()['x'] = exec\nx('1')\n", " exec(\"1\")"},
         {"globals().__setitem__('x', exec)\nx('1')\n", " exec(\"1\")"},
         {"globals().setdefault('x', exec)('1')\n", "exec(\"1\")"},
         {"setattr(__import__('builtins'), 'x', exec)\nx('1')\n", " exec(\"1\")"},
         {"import sys\nsetattr(sys.modules[__name__], 'x', exec)\nx('1')\n", " exec(\"1\")"},
         {"import os\ndef f(): pass\nf.__globals__['os'].system('x')\n", " os.system(\"x\")"},
         {"import os\n(lambda: 0).__globals__['os'].system('x')\n", " os.system(\"x\")"},
         {"import os\nf = lambda: 0\nf.__globals__['__builtins__'].exec('x')\n", " exec(\"x\")"},
         {"import linecache\nlinecache.__dict__['os'].system('x')\n", "os.system(\"x\")"},
         {"exec.__call__('1')\n", " exec(\"1\")"}, {"exec.__self__.eval('1')\n", " eval(\"1\")"},
         {"print.__self__.exec('1')\n", " exec(\"1\")"},
         {"().__class__.__base__.__subclasses__()[140].__init__.__globals__['system']('x')\n",
          "system(\"x\")"},
         {"[].__class__.__mro__[1].__subclasses__()\n", "__subclasses__()"},
         {"eval('__import__(\"os\").system')('x')\n", " os.system(\"x\")"},
         {"eval('__import__')('os').system('x')\n", " os.system(\"x\")"},
         {"eval('lambda c: __import__(\"os\").system(c)')('x')\n", " eval("});
}

TEST(tables)
{
    ROWS({"import os\nd = {'r': os.system}\nd['r']('x')\n", " os.system(\"x\")"},
         {"import os\nd = dict(r=os.system)\nd['r']('x')\n", " os.system(\"x\")"},
         {"import os\nd = dict([('r', os.system)])\nd['r']('x')\n", " os.system(\"x\")"},
         {"import os\nd = dict(zip(['q', 'r'], [os.popen, os.system]))\nd['r']('x')\n", " os.system(\"x\")"},
         {"import os\nd = {'r': os.system}\nd.get('r')('x')\n", " os.system(\"x\")"},
         {"import os\nd = {'r': os.system}\nd.get('q', os.popen)('x')\n", " os.popen(\"x\")"},
         {"import os\nd = {}\nd['r'] = os.system\nd['r']('x')\n", " os.system(\"x\")"},
         {"import os\nd = {}\nd.setdefault('r', os.system)('x')\n", " os.system(\"x\")"},
         {"import os\nd = {}\nd.update(r=os.system)\nd['r']('x')\n", " os.system(\"x\")"},
         {"import os\nd = {}\nd.update({'r': os.system})\nd['r']('x')\n", " os.system(\"x\")"},
         {"import os\nd = {'a': 1} | {'r': os.system}\nd['r']('x')\n", " os.system(\"x\")"},
         {"import os\nd = {'a': 1, **{'r': os.system}}\nd['r']('x')\n", " os.system(\"x\")"},
         {"import os\nd = {'a': {'b': [os.system, 1]}}\nd['a']['b'][0]('x')\n", " os.system(\"x\")"},
         {"import os\nt = (1, (2, os.system))\nt[1][1]('x')\n", " os.system(\"x\")"},
         {"import os\nl = [os.popen, os.system]\nl[-1]('x')\nl.pop()('y')\n",
          " os.system(\"x\"); os.system(\"y\")"},
         {"import os\n[os.system][0]('x')\n", " os.system(\"x\")"},
         {"import os\n{'r': os.system}['r']('x')\n", " os.system(\"x\")"},
         {"import os\n{'r': os.system}.get('r')('x')\n", " os.system(\"x\")"},
         {"import os\n{'r': os.system}.pop('r')('x')\n", " os.system(\"x\")"},
         {"import os\n(lambda: os.system)()('x')\n", " os.system(\"x\")"},
         {"import os\nd = {0: os.system, True: os.popen}\nd[True]('x')\n", " os.popen(\"x\")"},
         {"import os\nl = [1]\nl.append(os.system)\nl[1]('x')\n", " os.system(\"x\")"},
         {"import os\nl = []\nl += [os.system]\nl[0]('x')\n", " os.system(\"x\")"},
         {"import os\nnext(iter([os.system]))('x')\n", " os.system(\"x\")"},
         {"import os\nlist({'r': os.system}.values())[0]('x')\n", " os.system(\"x\")"},
         {"import os\nfor f in (os.system,): f('x')\n", "os.system(\"x\")"},
         {"import os\nfor f in [os.system, os.popen]: f('x')\n", " os.system(\"x\"); os.popen(\"x\")"},
         {"import os\nfor f, a in [(os.system, 'x')]: f(a)\n", " os.system(\"x\")"},
         {"import os\nfor n in ['system']: getattr(os, n)('x')\n", " os.system(\"x\")"},
         {"import os\nfor n in ['system', 'popen']: getattr(os, n)('x')\n",
          " os.system(\"x\"); os.popen(\"x\")"},
         {"import os\nfor n, f in {'a': os.system}.items(): f('x')\n", " os.system(\"x\")"},
         {"import os\nfor i, f in enumerate([os.system]): f('x')\n", " os.system(\"x\")"},
         {"import os\n[f('x') for f in (os.system, os.popen)]\n", " os.system(\"x\"); os.popen(\"x\")"},
         {"import os\n[f(x) for f, x in ((os.system, 'x'),)]\n", " os.system(\"x\")"},
         {"import os\n[getattr(os, n)('x') for n in ['system']]\n", " os.system(\"x\")"},
         {"import os\nfor c in ['x', 'y']: os.system(c)\n", "os.system("});
}

TEST(decorators)
{
    ROWS({"@exec\ndef f(): pass\n", " exec(<1 f>) "},
         {"import os\n@os.system\n@str\ndef f(): pass\n", " os.system("},
         {"import os\n@os.system\n@lambda f: 'x'\ndef f(): pass\n", " os.system(\"x\")"},
         {"@exec\n@input\nclass A: pass\n", " exec("},
         {"@eval\n@'{0.__doc__}'.format\nclass A: '1'\n", "eval("},
         {"import os\ndef deco(f):\n  return f()\n@deco\ndef go(): os.system('x')\n", " os.system(\"x\")"},
         {"import os\ndef deco(f):\n  return lambda *a: os.system('x')\n@deco\ndef go(): pass\ngo()\n",
          " os.system(\"x\")"},
         {"import os\ndef deco(c):\n  def w(f): return f\n  os.system(c)\n  return w\n@deco('x')\ndef go(): "
          "pass\n",
          "os.system($c"},
         {"import functools, os\n@functools.lru_cache\ndef go(c): return os.system\ngo(1)('x')\n",
          " os.system(\"x\")"},
         {"import os, functools\n@functools.wraps(os.system)\ndef f(c): return os.system(c)\nf('x')\n",
          "os.system($c"},
         {"import atexit\n@atexit.register\ndef f(): pass\n", " atexit.register(<1 f>)"},
         {"from flask import Flask\napp = Flask(1)\n@app.route('/x')\ndef f(): pass\n",
          " flask.Flask().route(\"/x\")"});
}

TEST(partials)
{
    ROWS({"import os, functools\nfunctools.partial(os.system, 'x')()\n", " os.system(\"x\")"},
         {"import os\nfrom functools import partial as p\nf = p(os.system, 'x')\nf()\n", " os.system(\"x\")"},
         {"import subprocess\nfrom functools import partial\nf = partial(subprocess.run, "
          "shell=True)\nf('x')\n",
          " subprocess.run(\"x\", shell=true)"},
         {"import os\nfrom functools import partial\npartial(partial(getattr, os), 'system')()('x')\n",
          " os.system(\"x\")"},
         {"import os\nfrom functools import partialmethod\nclass A:\n  go = partialmethod(os.system, "
          "'x')\nA().go()\n",
          "os.system("},
         {"from functools import reduce\nimport os\nreduce(getattr, ['path', 'join'], os)('x')\n",
          " os.path.join(\"x\")"},
         {"import functools, os\nfunctools.reduce(lambda a, f: f(a), [os.system], 'x')\n", " os.system("},
         {"import os, functools\nfunctools.lru_cache(None)(os.system)('x')\n", " os.system(\"x\")"},
         {"import os, functools\nfunctools.cache(os.system)('x')\n", " os.system(\"x\")"},
         {"import os, functools\nfunctools.wraps(print)(os.system)('x')\n", " os.system(\"x\")"},
         {"import os\nstaticmethod(os.system)('x')\n", " os.system(\"x\")"},
         {"import os\nf = os.system.__call__\nf('x')\n", " os.system(\"x\")"},
         {"import os, types\ntypes.MethodType(os.system, 'x')()\n", " os.system(\"x\")"});
}

TEST(lambdas)
{
    ROWS({"import os\n(lambda: os.system('x'))()\n", " os.system(\"x\")"},
         {"import os\n(lambda f: f('x'))(os.system)\n", " os.system(\"x\")"},
         {"import os\n(lambda f, a: f(a))(os.system, 'x')\n", " os.system($a"},
         {"import os\nf = lambda c: os.system(c)\nf('x')\n", "os.system($c"},
         {"import os\n(lambda m: m.system)(os)('x')\n", " os.system(\"x\")"},
         {"import os\nt = {'a': lambda m, n: getattr(m, n)}\nt['a'](os, 'system')('x')\n",
          " os.system(\"x\")"},
         {"(lambda s: __import__(s))('os').system('x')\n", " os.system(\"x\")"},
         {"(lambda f: (lambda a: f(a)))(exec)('1')\n", "exec("},
         {"def call(f, *a): return f(*a)\nimport os\ncall(os.system, 'x')\n", " os.system(*$a"},
         {"def get(m, n): return getattr(m, n)\nimport os\nget(os, 'system')('x')\n", " os.system(\"x\")"},
         {"def imp(n): return __import__(n)\nimp('os').system('x')\n", " os.system(\"x\")"},
         {"def pick():\n  import os\n  return os.system\npick()('x')\n", " os.system(\"x\")"},
         {"import os\ndef f(g=os.system): g('x')\n", "os.system(\"x\")"},
         {"import os\ndef f(g=os.system):\n  return g\nf()('x')\n", " os.system(\"x\")"},
         {"def outer():\n  import os\n  def inner(): return os.system\n  return inner\nouter()()('x')\n",
          " os.system(\"x\")"});
}

TEST(bound_methods)
{
    ROWS({"import socket\ns = socket.socket()\nsend = s.sendall\nsend(b'x')\n",
          " socket.socket().sendall(b\"x\")"},
         {"j = ''.join\nprint(j(['a', 'b']))\n", " print(\"ab\")"},
         {"e = __import__('os').system\ne('x')\n", " os.system(\"x\")"},
         {"a = [].append\na(1)\n", " list.append(1)"},
         {"f = 'abc'.replace\nprint(f('a', 'x'))\n", " print(\"xbc\")"},
         {"print(str.replace('abc', 'a', 'x'), bytes.decode(b'q'), str.join('-', ['a', 'b']))\n",
          " print(\"xbc\", \"q\", \"a-b\")"},
         {"print(list(map(str.upper, ['a'])), ''.join(map('{}.'.format, 'ab')))\n",
          " print([\"A\"], \"a.b.\")"});
}

TEST(classes)
{
    ROWS(
        {"import os\nclass A:\n  f = os.system\nA.f('x')\n", " os.system(\"x\")"},
        {"import os\nclass A:\n  f = os.system\nA().f('x')\n", " os.system(\"x\")"},
        {"import os\nclass A:\n  def __init__(s): s.f = os.system\n  def go(s): s.f('x')\n",
         " os.system(\"x\")"},
        {"import os\nclass A:\n  def __init__(s): s.f = os.system\na = A()\na.f('x')\n", " os.system(\"x\")"},
        {"import os\nclass A:\n  def __init__(s, f): s.f = f\na = A(os.system)\na.f('x')\n",
         " os.system(\"x\")"},
        {"import os\nclass A:\n  def __init__(s, f, c=1): s.f = f; s.c = c\na = A(os.system, "
         "'x')\na.f(a.c)\n",
         " os.system(\"x\")"},
        {"import os\nclass A:\n  @property\n  def f(s): return os.system\nA().f('x')\n", " os.system(\"x\")"},
        {"import os\nclass A:\n  @staticmethod\n  def f(): return os.system\nA.f()('x')\nA().f()('y')\n",
         " os.system(\"x\"); os.system(\"y\")"},
        {"import os\nclass A:\n  m = os\n  @classmethod\n  def f(c): return c.m.system\nA.f()('x')\n",
         " os.system(\"x\")"},
        {"import os\nclass B:\n  f = os.system\nclass A(B): pass\nA().f('x')\n", " os.system(\"x\")"},
        {"import os\nclass B:\n  def get(s): return os.system\nclass A(B): pass\nA().get()('x')\n",
         " os.system(\"x\")"},
        {"import os\nclass A:\n  def __call__(s): return os.system\nA()()('x')\n", " os.system(\"x\")"},
        {"import os\nclass A:\n  def __getattr__(s, n): return getattr(os, n)\nA().system('x')\n",
         " os.system(\"x\")"},
        {"import os\nclass A:\n  def __enter__(s): return os\n  def __exit__(s, *a): pass\n"
         "with A() as m: m.system('x')\n",
         " os.system(\"x\")"},
        {"import os\nclass A:\n  def __class_getitem__(c, k): return getattr(os, k)\nA['system']('x')\n",
         " os.system(\"x\")"},
        {"import os\nclass A:\n  def __getitem__(s, k): return getattr(os, k)\nA()['system']('x')\n",
         " os.system(\"x\")"},
        {"import os\nclass A:\n  def __add__(s, k): return os.system\n(A() + 1)('x')\n", " os.system(\"x\")"},
        {"import os\nclass A:\n  def __matmul__(s, k): return getattr(os, k)\n(A() @ 'system')('x')\n",
         " os.system(\"x\")"},
        {"import os\nclass A:\n  def __neg__(s): return os.system\n(-A())('x')\n", " os.system(\"x\")"},
        {"class A:\n  __class_getitem__ = exec\nA['1']\n", " exec(\"1\")"},
        {"class A:\n  __getitem__ = exec\nA()['1']\n", "exec(\"1\")"},
        {"import os\nclass A:\n  __add__ = os.system\nA() + 'x'\n", "os.system(\"x\")"},
        {"import os\nclass A:\n  def __del__(s): os.system('x')\ndel A\n", " os.system(\"x\")"},
        {"import os\nclass B:\n  def __init_subclass__(c): os.system('x')\nclass A(B): pass\n",
         " os.system(\"x\")"},
        {"import os\nclass A:\n  class B:\n    f = os.system\nA.B.f('x')\n", " os.system(\"x\")"},
        {"import os\nA = type('A', (), {'f': os.system})\nA.f('x')\n", " os.system(\"x\")"},
        {"import os\ntype('A', (), {'f': os.system})().f('x')\n", " os.system(\"x\")"},
        {"import os\nA = type('A', (), dict(f=os.system))\nA().f('x')\n", " os.system(\"x\")"},
        {"import os\nfrom types import SimpleNamespace as N\nn = N(f=os.system)\nn.f('x')\n",
         " os.system(\"x\")"},
        {"import os\nfrom collections import namedtuple\nP = namedtuple('P', 'f g')\nP(os.system, "
         "1).f('x')\n",
         " os.system(\"x\")"},
        {"import os, enum\nclass E(enum.Enum):\n  A = 'system'\ngetattr(os, E.A.value)('x')\n",
         " os.system(\"x\")"},
        {"import os\nclass A:\n  def __init__(self):\n    self.x = 'x'\n  def run(self): os.system(self.x)\n"
         "A().run()\n",
         " os.system(\"x\")"},
        {"class A(__import__('threading').Thread): pass\nA().start()\n", " threading.Thread().start()"});
}

TEST(patches)
{
    ROWS({"import os, builtins\nbuiltins.print = os.system\nprint('x')\n", " os.system(\"x\")"},
         {"import os\nprint = os.system\nprint('x')\n", " os.system(\"x\")"},
         {"import os, json\njson.loads = os.system\njson.loads('x')\n", " os.system(\"x\")"},
         {"import os, json\nsetattr(json, 'loads', os.system)\njson.loads('x')\n", " os.system(\"x\")"},
         {"import os, json\njson.__dict__['loads'] = os.system\njson.loads('x')\n", " os.system(\"x\")"},
         {"import os\n__builtins__.open = os.system\nopen('x')\n", " os.system(\"x\")"},
         {"import os, sys\nsys.modules['q'] = os\nimport q\nq.system('x')\n", "os.system(\"x\")"},
         {"import os, sys\nsys.excepthook = os.system\n", "sys.excepthook = os.system"},
         {"import os\ndef f(): pass\nf.run = os.system\nf.run('x')\n", " os.system(\"x\")"},
         {"import os\nclass A: pass\nA.run = os.system\nA().run('x')\n", " os.system(\"x\")"},
         {"import os\nclass A: pass\na = A()\na.run = os.system\na.run('x')\n", " os.system(\"x\")"});
}

TEST(callbacks)
{
    ROWS(
        {"import os\nlist(map(os.system, ['x']))\n", " os.system(\"x\")"},
        {"any(map(exec, ['1', '2']))\n", " exec(\"1\"); exec(\"2\")"},
        {"import os\nlist(filter(os.system, ['x']))\n", " os.system(\"x\")"},
        {"import os\nsorted(['x'], key=os.system)\nmax(['y'], key=os.popen)\n",
         " os.system(\"x\"); os.popen(\"y\")"},
        {"import os\n['x'].sort(key=os.system)\n", " os.system(\"x\")"},
        {"import os, threading\nthreading.Thread(target=os.system, args=('x',)).start()\n",
         " os.system(\"x\")"},
        {"import os, threading\nthreading.Thread(None, os.system, None, ['x']).start()\n",
         " os.system(\"x\")"},
        {"import subprocess, threading\nthreading.Thread(target=subprocess.run, args=('x',), "
         "kwargs={'shell': 1})\n",
         " subprocess.run(\"x\", shell=1)"},
        {"import os, threading\nthreading.Timer(5, os.system, ['x']).start()\n", " os.system(\"x\")"},
        {"import os, multiprocessing as m\nm.Process(target=os.system, args=('x',)).start()\n",
         " os.system(\"x\")"},
        {"import os, atexit\natexit.register(os.system, 'x')\n", " os.system(\"x\")"},
        {"import os, signal\nsignal.signal(15, os.system)\n", " os.system()"},
        {"import os\nfrom concurrent.futures import ThreadPoolExecutor as T\nwith T() as e: "
         "e.submit(os.system, 'x')\n",
         " os.system(\"x\")"},
        {"import os\nfrom concurrent.futures import ThreadPoolExecutor as T\nT().map(os.system, ['x'])\n",
         " os.system(\"x\")"},
        {"import os, multiprocessing\nmultiprocessing.Pool().map(os.system, ['x'])\n", " os.system(\"x\")"},
        {"import os, multiprocessing\nmultiprocessing.Pool().apply_async(os.system, ('x',))\n",
         " os.system(\"x\")"},
        {"import os, asyncio\nasyncio.run(asyncio.to_thread(os.system, 'x'))\n", " os.system(\"x\")"},
        {"import os, asyncio\nasyncio.get_event_loop().run_in_executor(None, os.system, 'x')\n",
         " os.system(\"x\")"},
        {"import os, asyncio\nasyncio.get_event_loop().call_soon(os.system, 'x')\n", " os.system(\"x\")"},
        {"import os, asyncio\nasyncio.get_event_loop().call_later(3, os.system, 'x')\n", " os.system(\"x\")"},
        {"import timeit\ntimeit.timeit('1+1')\n", "layer "},
        {"import os, timeit\ntimeit.timeit(os.system)\n", " os.system()"},
        {"import os, sched, time\nsched.scheduler().enter(1, 1, os.system, ('x',))\n", " os.system(\"x\")"},
        {"import os, _thread\n_thread.start_new_thread(os.system, ('x',))\n", " os.system(\"x\")"},
        {"import os, weakref\nweakref.finalize(0, os.system, 'x')\n", " os.system(\"x\")"},
        {"import os, itertools\nlist(itertools.starmap(os.system, [('x',)]))\n", " os.system(\"x\")"},
        {"import os, contextlib\ncontextlib.ExitStack().callback(os.system, 'x')\n", " os.system(\"x\")"},
        {"import os\nfrom collections import defaultdict\ndefaultdict(os.getpid)[1]\n", " os.getpid()"},
        {"import os\niter(os.getpid, 1)\n", " os.getpid()"},
        {"import re, os\nre.sub('a', os.system, 'b')\n", " os.system("},
        {"import sys, os\nsys.settrace(os.system)\n", " os.system()"},
        {"import os, tkinter\ntkinter.Tk().after(5, os.system, 'x')\n", " os.system(\"x\")"},
        {"import os\ndef go(f, a): return f(a)\ngo(os.system, 'x')\n", " os.system($a"},
        {"import cProfile, runpy, trace\ncProfile.run('1+1')\nrunpy.run_path('x')\n", "layer "},
        {"import code\ncode.InteractiveInterpreter().runsource('1+1')\n", "layer "},
        {"import os, functools\nfunctools.singledispatch(os.system)('x')\n", "os.system(\"x\")"});
}

TEST(docstrings)
{
    ROWS({"import os\ndef f():\n    'ls'\n    return 'no'\nos.system(f.__doc__)\n", " os.system(\"ls\")"},
         {"import os\nclass C:\n    \"\"\"ls\"\"\"; x = 1\nos.system(C.__doc__)\n", " os.system(\"ls\")"},
         {"import os\ndef f(): 'ls' # what\nos.system(f.__doc__)\n", " os.system(\"ls\")"});
    ROWS({"import os\ndef f():\n    return 'ls'\nos.system(f.__doc__)\n", "!os.system(\"ls\")"},
         {"import os\ndef f():\n    'ls'.strip()\nos.system(f.__doc__)\n", "!os.system(\"ls\")"},
         {"import os\ndef f():\n    x = (\n'ls'\n)\nos.system(f.__doc__)\n", "!os.system(\"ls\")"});
}

TESTS_MAIN()
