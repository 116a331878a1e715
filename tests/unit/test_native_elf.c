/* SPDX-License-Identifier: Apache-2.0 */
/* ELF made by hand: 32 and 64 bits, both byte orders, without section headers, with tables that lie. Real ones are compared in
 * tests/native/compare_tools.py. */
#include "native.h"

enum { DYN = 0x200, SYMS = 0x400, NAMES = 0x600, HASH = 0x800, CODE = 0xA00, TEXTS = 0xC00, END = 0xE00 };

typedef struct shape {
    bool wide, big, program, hash;
} shape;

static size_t word(made *m, size_t off, uint64_t v, bool wide)
{
    put(m, off, v, wide ? 8 : 4);
    return off + (wide ? 8 : 4);
}

static size_t segment(made *m, size_t at, bool wide, uint32_t type, uint32_t flags, uint64_t off,
                      uint64_t size)
{
    put(m, at, type, 4);
    if (wide) put(m, at + 4, flags, 4);
    size_t p = word(m, at + (wide ? 8 : 4), off, wide);
    p = word(m, p, 0x10000 + off, wide);
    p = word(m, p, 0x10000 + off, wide);
    p = word(m, p, size, wide);
    p = word(m, p, size, wide);
    if (!wide) put(m, p, flags, 4), p += 4;
    return word(m, p, 1, wide);
}

static void symbol(made *m, const shape *s, unsigned i, uint32_t name, uint8_t info, uint16_t section)
{
    size_t at = SYMS + (size_t)i * (s->wide ? 24 : 16);
    put(m, at, name, 4);
    put(m, at + (s->wide ? 4 : 12), info, 1);
    put(m, at + (s->wide ? 6 : 14), section, 2);
}

static made *elf(const shape *s)
{
    made *m = calloc(1, sizeof *m);
    static const char names[] = "\0execve\0connect\0PyInit_x\0libc.so.6\0libx.so\0";
    bool w = s->wide;
    m->big = s->big;
    put_text(m, 0,
             "\x7f"
             "ELF",
             4);
    m->p[4] = w ? 2 : 1, m->p[5] = s->big ? 2 : 1, m->p[6] = 1;
    put(m, 16, 3, 2);
    put(m, 18, w ? 62 : 3, 2);
    size_t p = word(m, 24, 0x10000 + CODE, w);
    p = word(m, p, 0x80, w);  /* program headers */
    p = word(m, p, 0, w) + 4; /* no sections */
    put(m, p, w ? 64 : 52, 2);
    put(m, p + 2, w ? 56 : 32, 2);
    put(m, p + 4, s->program ? 4 : 3, 2);
    p = segment(m, 0x80, w, 1, 4, 0, CODE);
    p = segment(m, p, w, 1, 5, CODE, END - CODE);
    p = segment(m, p, w, 2, 6, DYN, 0x100);
    if (s->program) segment(m, p, w, 3, 4, 0x1F0, 16);
    put_text(m, 0x1F0, "/lib/ld.so", 11);
    const uint64_t dyn[][2] = {{1, 25},
                               {14, 35},
                               {5, 0x10000 + NAMES},
                               {6, 0x10000 + SYMS},
                               {10, sizeof names},
                               {4, s->hash ? 0x10000 + HASH : 0},
                               {7, s->hash ? 0 : 0x10000 + HASH},
                               {8, w ? 24 : 12},
                               {0, 0}};
    p = DYN;
    for (size_t i = 0; i < TW_COUNT(dyn); i++) p = word(m, word(m, p, dyn[i][0], w), dyn[i][1], w);
    symbol(m, s, 1, 1, 0x12, 0);
    symbol(m, s, 2, 8, 0x12, 0);
    symbol(m, s, 3, 16, 0x12, 1);
    put_text(m, NAMES, names, sizeof names);
    if (s->hash)
        put(m, HASH, 1, 4), put(m, HASH + 4, 4, 4);
    else
        word(m, word(m, HASH, 0x10000 + CODE, w), w ? 3ull << 32 | 6 : 3 << 8 | 6,
             w); /* a relocation by symbol 3 */
    memset(m->p + CODE, 0x90, 0x100);
    put_text(m, TEXTS, "\0https://collector.example/x\0/etc/passwd\0plain words here\0", 57);
    m->n = END;
    return m;
}

static void check_shape(shape s)
{
    tw_arena *a = tw_arena_new(0);
    made *m = elf(&s);
    nat *n = nat_of(a, made_str(m));
    CHECK_INT(n->format, NAT_ELF);
    CHECK_INT(n->bits, s.wide ? 64 : 32);
    CHECK_INT(n->kind, s.program ? NAT_PROGRAM : NAT_LIBRARY);
    CHECK_INT(n->imports.n, 2);
    CHECK(has_import(n, "execve") && has_import(n, "connect"));
    CHECK_INT(n->exports.n, 1);
    CHECK(has_export(n, "PyInit_x"));
    CHECK_INT(n->libraries.n, 1);
    if (n->libraries.n) CHECK_STR(n->libraries.v[0], TW_S("libc.so.6"));
    CHECK_STR(n->name, TW_S("libx.so"));
    CHECK(has_text(n, "https://collector.example/x") && has_text(n, "/etc/passwd"));
    CHECK_INT(n->strings.n, s.program ? 2 : 2);
    CHECK(!n->broken && !n->cut && !n->packer && !n->overlay);
    free(m);
    tw_arena_free(a);
}

TEST(all_shapes)
{
    for (int i = 0; i < 16; i++) check_shape((shape){i & 1, i & 2, i & 4, i & 8});
}

TEST(what_follows_the_end)
{
    tw_arena *a = tw_arena_new(0);
    made *m = elf(&(shape){true, false, true, true});
    put_text(m, END, "#!/bin/sh\necho this is a script that the program carries behind its end\n", 71);
    nat *n = nat_of(a, made_str(m));
    CHECK(n->overlay && !strcmp(n->overlay, "a script"));
    CHECK_INT(n->overlay_off, END);
    CHECK_INT(n->overlay_size, 71);
    memset(m->p + END, 0, 256);
    m->n = END + 128; /* padding is none */
    CHECK(!nat_of(a, made_str(m))->overlay);
    free(m);
    tw_arena_free(a);
}

TEST(packed)
{
    tw_arena *a = tw_arena_new(0);
    made *m = elf(&(shape){true, false, true, true});
    put_text(m, 0x1C0, "UPX!", 4);
    CHECK(nat_of(a, made_str(m))->packer != NULL);
    free(m);
    m = elf(&(shape){true, false, true, true});
    uint64_t seed = 1;
    for (size_t i = CODE; i < MADE_MAX; i++)
        seed = seed * 6364136223846793005ull + 1442695040888963407ull, m->p[i] = (uint8_t)(seed >> 33);
    m->n = MADE_MAX;
    segment(m, 0x80 + 56, true, 1, 5, CODE, MADE_MAX - CODE);
    nat *n = nat_of(a, made_str(m));
    CHECK(n->packer && !strcmp(n->packer, "an unknown packer"));
    free(m);
    tw_arena_free(a);
}

TEST(record)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    made *m = elf(&(shape){true, false, false, true});
    tw_ir ir;
    tw_record r;
    tw_buf b = TW_BUF_INIT;
    tw_front_native.lower(a, made_str(m), &lim, &ir);
    tw_evaluate(a, &ir, &lim, &r);
    tw_record_dump(&r, &b);
    tw_str s = tw_buf_str(&b);
    CHECK(tw_str_find(s, TW_S("execve()")) != TW_NPOS);
    CHECK(tw_str_find(s, TW_S("import libc.so.6")) != TW_NPOS);
    CHECK(tw_str_find(s, TW_S("native.text(\"https://collector.example/x\")")) != TW_NPOS);
    CHECK(tw_str_find(s, TW_S("loaded_as = \"Python extension\"")) != TW_NPOS);
    CHECK(tw_str_find(s, TW_S("gap native @2560+1024")) != TW_NPOS);
    CHECK(tw_str_find(s, TW_S("finding native.binary")) != TW_NPOS);
    tw_buf_free(&b);
    free(m);
    tw_arena_free(a);
}

TEST(language)
{
    made *m = elf(&(shape){true, false, false, true});
    CHECK(tw_language_of(TW_S("a/x.so"), made_str(m), TW_KIND_ELF).front == &tw_front_native);
    CHECK(tw_language_of(TW_S("a/x.png"), made_str(m), TW_KIND_ELF).front == &tw_front_native);
    CHECK(tw_language_of(TW_S("a/x.so"), TW_S("INPUT(libx.so)"), TW_KIND_TEXT).front == NULL);
    free(m);
}

TEST(hostile)
{
    for (int i = 0; i < 4; i++) {
        made *m = elf(&(shape){i & 1, i & 2, true, i & 1});
        torment(m, 1500);
        free(m);
    }
}

TESTS_MAIN()
