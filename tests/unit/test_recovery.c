/* SPDX-License-Identifier: Apache-2.0 */
/* Broken code: the calls around the break are there, in the same statement too. See says.h. */
#include "says.h"

/* clang-format off */
static const says_row python[] = {
    {"f(a b, g('x'))\n", "f(a); g(\"x\") !syntax"},
    {"x = {1: h(), 2: , 3: os.system('b'), }\n", "h(); os.system(\"b\") !syntax"},
    {"a('1') b('2')\nc()\n", "a(\"1\"); b(\"2\"); c() !syntax"},
    {"if j( : k()\nl()\n", "j(); k(); l() !syntax"},
    {"f( { a() }\n", "a(); f([call#0]) !syntax"},
};
static const says_row javascript[] = {
    {"var x = {a:f(), b: , c:g('x', 1)}; h()", "f(); g(\"x\", 1); h() !syntax"},
    {"h(a b, process.kill(1))", "h(a); process.kill(1) !syntax"},
    {"m() n('1', ) o", "m(); n(\"1\") !syntax"},
    {"a ? this.b('c' + d('e')) f", "d(\"e\"); this.b((\"c\" ++ call#0)) !syntax"},
};
/* clang-format on */

TEST(python_calls)
{
    for (size_t i = 0; i < TW_COUNT(python); i++) says_check(&tw_front_python, &python[i]);
}

TEST(javascript_calls)
{
    for (size_t i = 0; i < TW_COUNT(javascript); i++) says_check(&tw_front_javascript, &javascript[i]);
}

/* Each break costs what it skips, however many there are. */
TEST(bounds)
{
    static const char *const units[] = {"a(b ", "a.b( c.d ", "f(a b, g(",    "{a:f(), b: , ",
                                        "x y(", "'a' b(",    "lambda: a( b "};
    for (size_t i = 0; i < TW_COUNT(units); i++) {
        says_bounded(&tw_front_python, units[i], 20000);
        says_bounded(&tw_front_javascript, units[i], 20000);
    }
}

TESTS_MAIN()
