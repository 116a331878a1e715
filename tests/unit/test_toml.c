/* SPDX-License-Identifier: Apache-2.0 */
/* TOML values with their paths; bad lines are passed over. */
#include "base/buf.h"
#include "base/toml.h"
#include "tap.h"

static void reads(const char *source, const char *want, uint32_t n_bad)
{
    tw_arena *a = tw_arena_new(0);
    tw_buf out = TW_BUF_INIT;
    tw_str text = tw_str_c(source);
    tw_toml t = tw_toml_reader(a, text);
    tw_toml_item item;
    while (tw_toml_next(&t, &item)) {
        CHECK(item.off + item.len <= text.n);
        tw_buf_fmt(&out, "%.*s%s%.*s\n", TW_FMT(item.path), item.is_string ? "=" : ":", TW_FMT(item.text));
    }
    CHECK_STR(tw_buf_str(&out), tw_str_c(want));
    CHECK_INT(t.n_bad, n_bad);
    tw_buf_free(&out);
    tw_arena_free(a);
}

TEST(values)
{
    reads("a = 1\nb.c = 'x' # y\n[d.\"e f\"]\ng = true\n", "a:1\nb.c=x\nd.e f.g:true\n", 0);
    reads("a = [1, 'b', # c\n  [\"d\"],\n]\ne = 2", "a:1\na=b\na=d\ne:2\n", 0);
    reads("a = {b = 1, c = {d = 'x'}}\n[[t]]\nu = 1\n", "a.b:1\na.c.d=x\nt.u:1\n", 0);
    reads("\xEF\xBB\xBF[a]\r\nb = 1\r\n", "a.b:1\n", 0);
    reads("", "", 0);
}

TEST(strings)
{
    reads("a = \"x\\ty\\u00e9\\\\\\\"\"", "a=x\ty\xC3\xA9\\\"\n", 0);
    reads("a = '''\nx'y''z'''\nb = \"\"\"p \\\n   q\"\"\"\nc = 1", "a=x'y''z\nb=p q\nc:1\n", 0);
    reads("a = ''''x''''", "a='x'\n", 0);
    reads("a = ''\nb = \"\"", "a=\nb=\n", 0);
}

TEST(bad_lines)
{
    reads("a\nb = 1\n", "b:1\n", 1);
    reads("a = \"x\nb = 1\n", "b:1\n", 1);
    reads("[a\nb = 1\n", "b:1\n", 1);
    reads("a = [1, }\nb = 1\n", "a:1\nb:1\n", 1);
    reads("a = \"\\q\"\nb = 1", "b:1\n", 1);
    reads("a = [1", "a:1\n", 0);
    reads("= = =\n,\n]\n", "", 3);
    reads("a = [=]\nb = {x}\nc = 1", "a:=\nc:1\n", 1);
}

TEST(bounds)
{
    char deep[200] = "a = ";
    memset(deep + 4, '[', 100);
    reads(deep, "", 1);
    char key[700];
    memset(key, 'k', sizeof key);
    memcpy(key + 600, " = 1\nb = 2", 11);
    reads(key, "b:2\n", 1);
}

TESTS_MAIN()
