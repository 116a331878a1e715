/* SPDX-License-Identifier: Apache-2.0 */
/* a["name"] is a.name, and the element of a literal indexed at once is what stands there. */
#include "js_rows.h"
#define EXEC " child_process.exec(\"x\")"

TEST(members_by_text)
{
    static const row rows[] = {
        {"exports['run'] = require('child_process'); exports.run.exec('x');", EXEC, NULL},
        {"exports['r' + 'un'] = require('child_process'); exports.run.exec('x');", EXEC, NULL},
        {"function C() {} C['proto' + 'type']['go'] = function () { require('child_process').exec('x'); }; "
         "new C().go();",
         EXEC, NULL},
        {"const o = {}; o['0'] = 1; f(o['0']);", " f(1)", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(elements_of_literals)
{
    static const row rows[] = {
        {"(0, [require][0])('child_process').exec('x');", EXEC, NULL},
        {"([require('child_process')][0]).exec('x');", EXEC, NULL},
        {"({k: require('child_process'), l: 1}).k.exec('x');", EXEC, NULL},
        {"({k: require('child_process')})['k'].exec('x');", EXEC, NULL},
        {"({k: 1, k: 2}).k; f(({k: 1, k: 2}).k);", " f(2)", " f(1)"},
        {"const a = [1, 2]; a[0] = 3; f(a[0]);", " f(", " f(1)"},
        {"f([...g, 1][0]);", " f(", " f(1)"},
    };
    CHECK_ROWS(rows);
}

TESTS_MAIN()
