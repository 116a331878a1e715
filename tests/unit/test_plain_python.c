/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of literals indexed at once, members asked for by text, names that nobody reads. */
#include "py_rows.h"

TEST(elements_of_literals)
{
    static const row rows[] = {
        {"import os\n[os.system][0]('x')\n", "os.system(\"x\")"},
        {"import os\n(None, os.system)[1]('x')\n", "os.system(\"x\")"},
        {"import os\n{'k': os.system}['k']('x')\n", "os.system(\"x\")"},
        {"import os\n{'k': 1, 'k': os.system}['k']('x')\n", "os.system(\"x\")"},
        {"import os\ngetattr(os, 'sys' + 'tem')('x')\n", "os.system(\"x\")"},
    };
    check_rows(rows, TW_COUNT(rows));
}

TEST(containers_that_are_looked_at)
{
    static const row rows[] = {
        {"import os\nD = {'a': 'x'}\ndef f():\n    for k, v in getattr(D, 'items')():\n        "
         "os.system(v)\nf()\n",
         "os.system(\"x\")"},
        {"import os\nD = {'a': 'x'}\ndef f():\n    for k, v in D.items():\n        os.system(v)\nf()\nE = "
         "D\n",
         "os.system(\"x\")"},
        {"import os\nD = ['x']\nE = D\nE.append('y')\ndef f():\n    for v in D:\n        os.system(v)\nf()\n",
         "os.system(\"y\")"},
    };
    check_rows(rows, TW_COUNT(rows));
}

TESTS_MAIN()
