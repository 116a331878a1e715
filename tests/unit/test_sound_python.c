/* SPDX-License-Identifier: Apache-2.0 */
/* The same value or unknown, never another: what changes a value in Python out of sight of a single pass. */
#include "py_rows.h"

TEST(left_anywhere)
{
    ROWS({"x = 'a'\ntry:\n x = 'b'\n f()\n x = 'a'\nexcept E: g(x)\n", "!g(\"a\")"},
         {"x = 'a'\ntry:\n x = 'b'\n raise E\nexcept E: pass\ng(x)\n", "!g(\"a\")"},
         {"x = 'a'\ntry:\n if q: x = 'b'; raise E\nexcept E: g(x)\n", "!g(\"a\")"},
         {"x = 'a'\ntry:\n x = 'b'\n f()\n x = 'a'\nfinally: g(x)\nh(x)\n", "!g(\"a\"); h(\"a\")"},
         {"x = 'b'\nwhile q:\n x = 'a'\n if r: break\n x = 'b'\ng(x)\n", "!g(\"b\")"},
         {"import contextlib\nx = 'a'\nwith contextlib.suppress(E):\n x = 'b'\n f()\n x = 'c'\ng(x)\n",
          "!g(\"c\")"},
         {"with open('p') as f:\n x = 'b'\ng(x)\n", "g(\"b\")"},
         {"def f():\n try:\n  return 'r'\n finally:\n  return 'q'\ng(f())\n", "!g(\"r\")"},
         {"x = 'a'\nmatch q:\n case 1: pass\n case x if r: pass\ng(x)\n", "!g($q; !g(\"a\")"});
}

TEST(choices)
{
    ROWS({"s = 'a'\nq and (s := 'b')\ng(s)\n", "!g(\"b\")"},
         {"s = 'a'\n'' and (s := 'b')\ng(s)\n", "g(\"a\")"},
         {"s = 'a'\nt = (s := 'b') if q else 'c'\ng(s)\n", "!g(\"b\")"},
         {"l = ['a']\nq or l.append('b')\ng(''.join(l))\n", "!g(\"ab\")"},
         {"f = str.upper if q else str.lower\ng(f('aB'))\n", "!g(\"AB\")"});
}

TEST(lists)
{
    ROWS({"l = ['a', 'b']\nl.append(l.pop(0))\ng(''.join(l))\n", "!g(\"aba\"); !g(\"aa\")"},
         {"l = ['a', 'b']\nl.append('c')\ng(str(l[1:]))\n", "g(\"['b', 'c']\")"},
         {"l = ['a']\nf = l.append; f('b')\ng(''.join(l))\n", "!g(\"a\")"},
         {"l = ['a']\ndef h(): return l\nh().append('b')\ng(''.join(l))\n", "!g(\"a\")"},
         {"l = ['a']\nm = []\nm.append('b')\ndef h(): return len(l)\ng(''.join(l))\n", "g(\"a\")"},
         {"globals()['s'] = 'b'\ng(s)\n", "g(\"b\")"}, {"s = 'a'\nglobals()['s'] = 'b'\ng(s)\n", "g(\"b\")"},
         {"s = 'a'\ndef f(): globals()['s'] = 'b'\nf()\ng(s)\n", "!g(\"a\")"});
}

TEST(attributes)
{
    ROWS({"class A: x = 'a'\nclass B(A): pass\nA.x = 'b'\ng(B.x)\n", "!g(\"a\")"},
         {"class A: x = 'a'\ng(A.x)\n", "g(\"a\")"},
         {"class A: x = 'a'\no = A()\no.x = 'b'\ng(o.x)\n", "!g(\"a\")"},
         {"class A: x = 'a'\nsetattr(A, 'x', 'b')\ng(A.x)\n", "!g(\"a\")"},
         {"class A:\n x = 'a'\n def m(self): g(self.x)\nclass B(A): x = 'b'\n", "!g(\"a\")"},
         {"class A:\n def m(self): return 'a'\nclass B(A): pass\nA.m = lambda self: 'b'\ng(B().m())\n",
          "!g(\"a\")"},
         {"class A:\n l = ['a']\n def m(self): self.l.append('b')\nA().m()\ng(''.join(A.l))\n", "!g(\"a\")"},
         {"def d(f):\n def w(*a): return 'w' + f(*a)\n return w\n@d\ndef f(a): return a\ng(f('x'))\n",
          "!g(\"x\")"});
}

TESTS_MAIN()
