/* SPDX-License-Identifier: Apache-2.0 */
/* PE made by hand: imports by name and by number, delayed ones, exports, a signature, what follows the end, texts in UTF-16. */
#include "native.h"

enum {
    RVA = 0x1000,
    RAW = 0x400,
    OPT = 0x98,
    IMP = 0x100,
    THUNKS = 0x180,
    NAMES = 0x200,
    EXP = 0x400,
    DELAY = 0x500,
    WIDE = 0x600,
    SIZE = 0x800
};

static size_t dirs_at(bool wide)
{
    return OPT + (wide ? 112 : 96);
}

static uint32_t rva(size_t in_section)
{
    return (uint32_t)(RVA + in_section);
}

static void wide_text(made *m, size_t off, const char *s)
{
    for (; *s; s++, off += 2) m->p[off] = (uint8_t)*s;
}

static void imports(made *m, bool wide)
{
    unsigned w = wide ? 8 : 4;
    uint64_t by_number = 1ull << (wide ? 63 : 31);
    size_t s = RAW;
    put(m, s + IMP, rva(THUNKS), 4);
    put(m, s + IMP + 12, rva(NAMES), 4);
    put(m, s + IMP + 16, rva(THUNKS), 4);
    put(m, s + IMP + 20, 0, 4); /* an old linker: no table of names, only the bound one */
    put(m, s + IMP + 32, rva(NAMES + 0x40), 4);
    put(m, s + IMP + 36, rva(THUNKS + 0x40), 4);
    put(m, s + THUNKS, rva(NAMES + 0x10), w);
    put(m, s + THUNKS + w, rva(NAMES + 0x28), w);
    put(m, s + THUNKS + 0x40, by_number | 4, w);
    put(m, s + THUNKS + 0x40 + w, by_number | 999, w);
    put_text(m, s + NAMES, "KERNEL32.dll", 13);
    put_text(m, s + NAMES + 0x12, "CreateProcessW", 15);
    put_text(m, s + NAMES + 0x2A, "LoadLibraryA", 13);
    put_text(m, s + NAMES + 0x40, "WS2_32.dll", 11);
    put(m, s + DELAY, 1, 4);
    put(m, s + DELAY + 4, rva(NAMES + 0x60), 4);
    put(m, s + DELAY + 12, rva(DELAY + 0x80), 4);
    put(m, s + DELAY + 16, rva(DELAY + 0x80), 4);
    put(m, s + DELAY + 0x80, rva(NAMES + 0x80), w);
    put_text(m, s + NAMES + 0x60, "api-ms-win-crt-x-l1-1-0.dll", 28);
    put_text(m, s + NAMES + 0x82, "system", 7);
    put(m, s + EXP + 12, rva(NAMES + 0xA0), 4);
    put(m, s + EXP + 24, 1, 4);
    put(m, s + EXP + 32, rva(EXP + 0x40), 4);
    put(m, s + EXP + 0x40, rva(NAMES + 0xB0), 4);
    put_text(m, s + NAMES + 0xA0, "x.pyd", 6);
    put_text(m, s + NAMES + 0xB0, "PyInit_x", 9);
}

static made *pe(bool wide, bool dll)
{
    made *m = calloc(1, sizeof *m);
    put_text(m, 0, "MZ", 2);
    put(m, 60, 0x80, 4);
    put_text(m, 0x80, "PE\0\0", 4);
    put(m, 0x84, wide ? 0x8664 : 0x14c, 2);
    put(m, 0x86, 1, 2);
    put(m, 0x94, wide ? 240 : 224, 2);
    put(m, 0x96, dll ? 0x2002 : 2, 2);
    put(m, OPT, wide ? 0x20b : 0x10b, 2);
    put(m, OPT + (wide ? 24 : 28), 0x400000, wide ? 8 : 4);
    put(m, OPT + 60, RAW, 4);
    put(m, OPT + (wide ? 108 : 92), 16, 4);
    size_t d = dirs_at(wide), sec = OPT + (wide ? 240 : 224);
    put(m, d, rva(EXP), 4), put(m, d + 4, 0x80, 4);
    put(m, d + 8, rva(IMP), 4), put(m, d + 12, 0x80, 4);
    put(m, d + 8 * 13, rva(DELAY), 4), put(m, d + 8 * 13 + 4, 0x40, 4);
    put_text(m, sec, ".text", 5);
    put(m, sec + 8, SIZE, 4), put(m, sec + 12, RVA, 4), put(m, sec + 16, SIZE, 4), put(m, sec + 20, RAW, 4);
    put(m, sec + 36, 0x60000020, 4);
    imports(m, wide);
    wide_text(m, RAW + WIDE, "https://collector.example/w");
    wide_text(m, RAW + WIDE + 0x80, "\\Google\\Chrome\\User Data\\Local State");
    m->n = RAW + SIZE;
    return m;
}

static void check_shape(bool wide, bool dll)
{
    tw_arena *a = tw_arena_new(0);
    made *m = pe(wide, dll);
    nat *n = nat_of(a, made_str(m));
    CHECK_INT(n->format, NAT_PE);
    CHECK_INT(n->bits, wide ? 64 : 32);
    CHECK_INT(n->kind, dll ? NAT_LIBRARY : NAT_PROGRAM);
    CHECK_INT(n->imports.n, 5);
    CHECK(has_import(n, "kernel32.CreateProcess") && has_import(n, "kernel32.LoadLibrary"));
    CHECK(has_import(n, "ws2_32.connect") && has_import(n, "ws2_32.#999"));
    CHECK(has_import(n, "ucrtbase.system"));
    CHECK_INT(n->libraries.n, 3);
    CHECK(has_export(n, "PyInit_x"));
    CHECK_STR(n->name, TW_S("x.pyd"));
    CHECK(has_text(n, "https://collector.example/w"));
    CHECK(has_text(n, "\\Google\\Chrome\\User Data\\Local State"));
    CHECK(!n->broken && !n->is_signed && !n->overlay && !n->packer && !n->managed);
    free(m);
    tw_arena_free(a);
}

TEST(all_shapes)
{
    for (int i = 0; i < 4; i++) check_shape(i & 1, i & 2);
}

TEST(signature_and_overlay)
{
    tw_arena *a = tw_arena_new(0);
    made *m = pe(true, false);
    size_t end = m->n, d = dirs_at(true) + 8 * 4;
    for (size_t i = 0; i < 256; i++) m->p[end + i] = (uint8_t)(i * 7 + 1);
    put(m, d, (uint32_t)end, 4), put(m, d + 4, 256, 4);
    m->n = end + 256;
    nat *n = nat_of(a, made_str(m));
    CHECK(n->is_signed && !n->overlay); /* a signature is no overlay */
    put_text(m, m->n, "PK\3\4", 4);
    m->n += 100;
    n = nat_of(a, made_str(m));
    CHECK(n->is_signed && n->overlay && !strcmp(n->overlay, "a ZIP"));
    CHECK_INT(n->overlay_size, 104);
    put(m, d + 4, 0x7FFFFFFF, 4);
    n = nat_of(a, made_str(m));
    CHECK(!n->is_signed && n->broken);
    free(m);
    tw_arena_free(a);
}

TEST(packer_by_section)
{
    tw_arena *a = tw_arena_new(0);
    made *m = pe(true, false);
    put_text(m, OPT + 240, "UPX0\0", 5);
    CHECK(nat_of(a, made_str(m))->packer && !strcmp(nat_of(a, made_str(m))->packer, "UPX"));
    free(m);
    tw_arena_free(a);
}

TEST(descriptors_without_end)
{
    tw_arena *a = tw_arena_new(0);
    made *m = pe(true, false);
    for (size_t i = RAW; i < RAW + SIZE; i += 4) put(m, i, rva(0), 4); /* each points at all others */
    nat *n = nat_of(a, made_str(m));
    CHECK(n->imports.n <= NAT_IMPORTS && n->libraries.n <= NAT_LIBRARIES);
    free(m);
    tw_arena_free(a);
}

TEST(hostile)
{
    made *m = pe(true, true);
    torment(m, 3000);
    free(m);
    m = pe(false, false);
    torment(m, 3000);
    free(m);
}

TESTS_MAIN()
