/* SPDX-License-Identifier: Apache-2.0 */
/* WebAssembly made by hand, and what is not told by a format: texts, Go, Rust. */
#include "native.h"

static const char module_bytes[] =
    "\0asm\1\0\0\0"
    "\1\4\1\x60\0\0"
    "\2\x3d\3"
    "\x16wasi_snapshot_preview1\x09sock_send\0\0"
    "\3env\1m\2\1\1\2"
    "\3env\1g\3\x7f\0"
    "\0\0\0\0\0\0\0\0\0" /* what a section holds behind its last entry is nobody's */
    "\3\2\1\0"
    "\7\x0a\1\6_start\0\1"
    "\x0a\4\1\2\0\x0b"
    "\0\x0d\4note/etc/hosts";

static made *module(void)
{
    made *m = calloc(1, sizeof *m);
    put_text(m, 0, module_bytes, sizeof module_bytes - 1);
    return m;
}

TEST(imports_and_exports)
{
    tw_arena *a = tw_arena_new(0);
    made *m = module();
    nat *n = nat_of(a, made_str(m));
    CHECK_INT(n->format, NAT_WASM);
    CHECK_INT(n->kind, NAT_PROGRAM);
    CHECK_INT(n->imports.n, 3);
    CHECK(has_import(n, "wasi_snapshot_preview1.sock_send") && has_import(n, "env.g"));
    CHECK(has_export(n, "_start"));
    CHECK_INT(n->libraries.n, 2);
    free(m);
    tw_arena_free(a);
}

TEST(numbers_that_never_end)
{
    tw_arena *a = tw_arena_new(0);
    made *m = calloc(1, sizeof *m);
    put_text(m, 0, "\0asm\1\0\0\0\2", 9);
    memset(m->p + 9, 0xFF, 64);
    m->n = 73;
    CHECK(nat_of(a, made_str(m))->broken);
    free(m);
    tw_arena_free(a);
}

/* --- texts: in a file of any format --- */

static nat *with_text(tw_arena *a, const char *s, size_t n)
{
    char *p = tw_arena_alloc(a, 64 + n);
    memcpy(p, "\0asm\2\0\0\0", 8);
    memcpy(p + 9, s, n);
    return nat_of(a, tw_str_of(p, 10 + n));
}
#define TEXT(s) with_text(a, s, sizeof(s) - 1)

TEST(texts)
{
    tw_arena *a = tw_arena_new(0);
    CHECK(has_text(TEXT("see https://a.example/b?c=d for more"), "https://a.example/b?c=d"));
    CHECK(has_text(TEXT("~/.aws/credentials"), "~/.aws/credentials"));
    CHECK(has_text(TEXT("%APPDATA%\\x y\\z"), "%APPDATA%\\x y\\z"));
    CHECK(has_text(TEXT("\\\\Software\\\\Microsoft\\\\Run"), "\\\\Software\\\\Microsoft\\\\Run"));
    CHECK_INT(TEXT("a/b.c and ../x or 50% of ~ all: no")->strings.n, 0);
    CHECK_INT(TEXT("/usr/local/src/x.c /home2/y \0/../z\0/./q")->strings.n, 0);
    CHECK_INT(TEXT("://nothing.example/x")->strings.n, 0);
    CHECK_INT(TEXT("https://a.example/b\0https://a.example/b")->strings.n, 1);
    tw_arena_free(a);
}

static void check_row(const char *in, const char *want, bool front, bool end)
{
    tw_arena *a = tw_arena_new(0);
    char *p = tw_arena_alloc(a, 4096);
    memset(p, 'x', 4000);
    memcpy(p + 2000, in, strlen(in));
    nat *n = with_text(a, p, 4000);
    CHECK_INT(n->strings.n, want ? 1 : 0);
    if (want && n->strings.n) {
        CHECK_STR(n->strings.v[0].text, tw_str_c(want));
        CHECK_INT(n->strings.v[0].front_open, front);
        CHECK_INT(n->strings.v[0].end_open, end);
    }
    tw_arena_free(a);
}

TEST(texts_in_a_row)
{
    check_row("https://a.example/b", "https://a.example/", false, true);
    check_row(" https://a.example", NULL, false, false); /* where the host ends nothing tells */
    check_row("/.aws/credentials", "/.aws/", true, true);
    check_row("/.aws", NULL, true, true);
}

TEST(no_more_than_are_kept)
{
    tw_arena *a = tw_arena_new(0);
    tw_buf b = TW_BUF_INIT;
    for (int i = 0; i < NAT_STRINGS + 10; i++) tw_buf_fmt(&b, "https://a.example/%d%c", i, 0);
    nat *n = with_text(a, b.p, b.n);
    CHECK_INT(n->strings.n, NAT_STRINGS);
    CHECK(n->cut && !strcmp(n->cut, "texts"));
    tw_buf_free(&b);
    tw_arena_free(a);
}

TEST(rust)
{
    tw_arena *a = tw_arena_new(0);
    nat *n = TEXT("rustc version 1.74.0 (x)\0/root/.cargo/registry/src/index-0123/reqwest-0.11.2/src/a.rs\0"
                  "C:\\u\\.cargo\\registry\\src\\i\\foo-bar-2.0.0-rc.1\\src\\b.rs");
    CHECK_STR(n->rust_version, TW_S("1.74.0"));
    CHECK_INT(n->modules.n, 2);
    if (n->modules.n == 2) {
        CHECK_STR(n->modules.v[0].name, TW_S("reqwest"));
        CHECK_STR(n->modules.v[0].version, TW_S("0.11.2"));
        CHECK_STR(n->modules.v[1].name, TW_S("foo-bar"));
        CHECK_STR(n->modules.v[1].version, TW_S("2.0.0-rc.1"));
    }
    tw_arena_free(a);
}

TEST(go)
{
    static const char info[] = "\xff Go buildinf:\x08\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                               "go1.22.1"
                               "\x56" /* 86 bytes */
                               "0123456789abcdef"
                               "path\tx.example/m\nmod\tx.example/m\tv1.0.0\t\ndep\ty.example/n\tv2"
                               "0123456789abcdef";
    tw_arena *a = tw_arena_new(0);
    char bytes[sizeof info + 8];
    memcpy(bytes, info, 32);
    bytes[32] = 8;
    memcpy(bytes + 33, info + 32, sizeof info - 33);
    size_t text = sizeof info - 33 - 9;
    bytes[41] = (char)text;
    nat *n = with_text(a, bytes, sizeof info);
    CHECK_STR(n->go_version, TW_S("go1.22.1"));
    CHECK_STR(n->go_path, TW_S("x.example/m"));
    CHECK_INT(n->modules.n, 2);
    if (n->modules.n == 2) CHECK_STR(n->modules.v[1].name, TW_S("y.example/n"));
    tw_arena_free(a);
}

TEST(hostile)
{
    made *m = module();
    torment(m, 4000);
    free(m);
}

TESTS_MAIN()
