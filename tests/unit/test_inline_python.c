/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of this file that hand on what they are handed: the calls they make then are in the record. */
#include "py_rows.h"

TEST(wrappers)
{
    ROWS({"import os\ndef w(*a, **k):\n    return os.system(*a, **k)\nw('x')\n", " os.system(\"x\")"},
         {"import os\nw = lambda *a, **k: os.popen(*a, **k)\nw('x', mode='r').read()\n",
          " os.popen(\"x\", mode=\"r\"); os.popen().read()"},
         {"import os\ndef m():\n    f = os.system\n    return lambda *a, **k: f(*a, **k)\nm()('x')\n",
          " os.system(\"x\")"},
         {"import os\ndef go(f, *a, **k):\n    return f(*a, **k)\ngo(os.system, 'x')\n", " os.system(\"x\")"},
         {"import os\ndef d(*a, f=os.system, **k):\n    return f(*a, **k)\nd('x')\n", " os.system(\"x\")"},
         {"import os\ndef k(**n):\n    os.system(n['c'])\nk(c='x')\n", " os.system(\"x\")"},
         {"import os\nclass C:\n    def __init__(self, c):\n        os.system(c)\nC('x')\n",
          " os.system(\"x\")"},
         {"import os\nclass C:\n    def __call__(self, c):\n        os.system(c)\nC()('x')\n",
          " os.system(\"x\")"},
         {"import os\ndef d(f):\n    def w(*a, **k):\n        return f(*a, **k)\n    return w\n@d\n"
          "def go(c):\n    os.system(c)\ngo('x')\n",
          " os.system(\"x\")"},
         {"import os\ndef d(f):\n    def w(*a, **k):\n        return f('y')\n    return w\n@d\n"
          "def go(c):\n    os.system(c)\ngo('x')\n",
          "! os.system(\"x\")"},
         {"import os\ndef f(c):\n    c = c + input()\n    os.system(c)\nf('x')\n", "! os.system(\"x\")"});
}

TEST(texts_through_parameters)
{
    ROWS({"def f(s):\n    exec(s, globals())\nf('import os')\n", "layer executed; \"import os\""},
         {"import os\ndef f(s):\n    g(s + ' b')\ndef g(s):\n    os.system(s)\nf('a')\n",
          " os.system(\"a b\"); layer executed"},
         {"def f(s):\n    f(s)\n    f(s)\n    exec(s)\nf('import os')\n", "layer executed"});
}

TEST(names_that_functions_give)
{
    ROWS({"import os\ndef g(n):\n    if n == 3:\n        return os.system\n    return print\ng(3)('x')\n",
          " os.system(\"x\")"},
         {"import os\ndef g(n):\n    if n == 3:\n        return os.system\n    return print\ng(4)('x')\n",
          "! os.system(\"x\"); print(\"x\")"},
         {"import os\ndef d(f):\n    return os.system\n@d\ndef x(*a):\n    return None\nx('x')\n",
          " os.system(\"x\")"});
}

TEST(spreads)
{
    ROWS({"import os\nos.open(*['x', 2], **{'mode': 3})\n", " os.open(\"x\", 2, mode=3)"},
         {"import os\nos.open(*{'x', 'y'})\n", "! os.open(\"x\""},
         {"import os\nl = ['x']\nfoo(l)\nos.open(*l)\n", "! os.open(\"x\")"});
}

TEST(modules_do_not_change)
{
    ROWS({"import os\ndef f():\n    os.remove('/x')\n    g(os.environ['A'])\n", " g(os.environ[\"A\"])"},
         {"import os\nos = [1]\ndef f():\n    os.append(2)\n    g(os)\n", "! g([1])"});
}

TEST(constants)
{
    ROWS({"import marshal\ng(marshal.loads(b'u\\x02\\x00\\x00\\x00ab'))\n", " g(\"ab\")"},
         {"import marshal\ng(marshal.loads(b'u\\x03\\x00\\x00\\x00ab'))\n", "! g(\"ab"},
         {"g(str(b'a+AGI-c', 'utf-7'))\n", " g(\"abc\")"},
         {"import pickle\npickle.loads(b'cos\\nsystem\\n(Va\\\\u0020b\\ntR.')\n", " os.system(\"a b\")"});
}

TESTS_MAIN()
