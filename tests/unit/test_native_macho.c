/* SPDX-License-Identifier: Apache-2.0 */
/* Mach-O made by hand: 32 and 64 bits, both byte orders, fat; symbols with the library that they come from. */
#include "native.h"

enum { SYMS = 0x400, NAMES = 0x500, CODE = 0x600, SIZE = 0x800, FAT = 0x1000 };

static size_t library(made *m, size_t at, uint32_t cmd, const char *name)
{
    put(m, at, cmd, 4), put(m, at + 4, 64, 4), put(m, at + 8, 24, 4);
    put_text(m, at + 24, name, strlen(name) + 1);
    return at + 64;
}

static size_t segment(made *m, size_t at, bool wide)
{
    unsigned w = wide ? 8 : 4;
    size_t head = wide ? 72 : 56, section = wide ? 80 : 68;
    put(m, at, wide ? 0x19 : 1, 4), put(m, at + 4, head + section, 4);
    put_text(m, at + 8, "__TEXT", 6);
    size_t p = at + 24;
    put(m, p, 0x10000, w), put(m, p + w, SIZE, w), put(m, p + 2 * w, 0, w), put(m, p + 3 * w, SIZE, w);
    put(m, p + 4 * w + 4, 5, 4), put(m, p + 4 * w + 8, 1, 4);
    p = at + head;
    put_text(m, p, "__text", 6);
    put_text(m, p + 16, "__TEXT", 6);
    put(m, p + 32, 0x10000 + CODE, w), put(m, p + 32 + w, 0x100, w), put(m, p + 32 + 2 * w, CODE, 4);
    put(m, p + 32 + 2 * w + 16, 0x80000400, 4);
    return at + head + section;
}

static void symbol(made *m, bool wide, unsigned i, uint32_t name, uint8_t type, uint16_t desc)
{
    size_t at = SYMS + (size_t)i * (wide ? 16 : 12);
    put(m, at, name, 4), put(m, at + 4, type, 1), put(m, at + 6, desc, 2);
}

static made *macho(bool wide, bool big)
{
    made *m = calloc(1, sizeof *m);
    static const char names[] = "\0_system\0_SecItemCopyMatching\0_PyInit_x\0_debug\0";
    m->big = big;
    put(m, 0, wide ? 0xfeedfacf : 0xfeedface, 4);
    put(m, 4, wide ? 0x0100000c : 7, 4);
    put(m, 12, 8, 4);
    put(m, 16, 5, 4);
    size_t p = segment(m, wide ? 32 : 28, wide);
    p = library(m, p, 0xc, "/usr/lib/libSystem.B.dylib");
    p = library(m, p, 0x80000018, "/S/L/Security");
    put(m, p, 2, 4), put(m, p + 4, 24, 4), put(m, p + 8, SYMS, 4), put(m, p + 12, 4, 4),
        put(m, p + 16, NAMES, 4);
    put(m, p + 20, sizeof names, 4);
    p += 24;
    put(m, p, 0x1d, 4), put(m, p + 4, 16, 4);
    put(m, 20, p + 16 - (wide ? 32 : 28), 4);
    symbol(m, wide, 0, 1, 1, 0x100);
    symbol(m, wide, 1, 9, 1, 0x200);
    symbol(m, wide, 2, 30, 0x0f, 0);
    symbol(m, wide, 3, 40, 0x24, 0); /* for debuggers */
    put_text(m, NAMES, names, sizeof names);
    m->n = SIZE;
    return m;
}

static void check_slice(const nat *n)
{
    CHECK_INT(n->imports.n, 2);
    CHECK(has_import(n, "system") && has_import(n, "SecItemCopyMatching"));
    for (uint32_t i = 0; i < n->imports.n; i++) {
        bool keys = tw_str_eq(n->imports.v[i].symbol, TW_S("SecItemCopyMatching"));
        CHECK_STR(n->imports.v[i].library, keys ? TW_S("/S/L/Security") : TW_S("/usr/lib/libSystem.B.dylib"));
    }
    CHECK(has_export(n, "_PyInit_x") && !has_export(n, "_debug"));
    CHECK(n->is_signed && !n->broken && !n->overlay);
    CHECK_INT(n->kind, NAT_LIBRARY);
}

TEST(all_shapes)
{
    for (int i = 0; i < 4; i++) {
        tw_arena *a = tw_arena_new(0);
        made *m = macho(i & 1, i & 2);
        nat *n = nat_of(a, made_str(m));
        CHECK_INT(n->format, NAT_MACHO);
        CHECK_INT(n->bits, i & 1 ? 64 : 32);
        CHECK_INT(n->slices, 0);
        check_slice(n);
        CHECK_INT(n->sections.n, 1);
        CHECK_INT(n->sections.v[0].off, CODE);
        free(m);
        tw_arena_free(a);
    }
}

static made *fat(void)
{
    made *all = calloc(1, sizeof *all), *one = macho(true, false);
    all->big = true;
    put(all, 0, 0xcafebabe, 4), put(all, 4, 2, 4);
    for (unsigned i = 0; i < 2; i++) {
        put(all, 8 + i * 20, 0x0100000c, 4);
        put(all, 8 + i * 20 + 8, FAT * (i + 1), 4), put(all, 8 + i * 20 + 12, SIZE, 4);
        put_text(all, FAT * (i + 1), (char *)one->p, SIZE);
    }
    free(one);
    return all;
}

TEST(fat_file)
{
    tw_arena *a = tw_arena_new(0);
    made *m = fat();
    nat *n = nat_of(a, made_str(m));
    CHECK_INT(n->slices, 2);
    check_slice(n);
    CHECK_INT(n->sections.n, 2);
    CHECK_INT(n->sections.v[1].off, 2 * FAT + CODE);
    put(m, 4, 3, 4); /* one more slice than there is */
    CHECK(nat_of(a, made_str(m))->broken);
    free(m);
    tw_arena_free(a);
}

TEST(hostile)
{
    made *m = macho(true, false);
    torment(m, 3000);
    free(m);
    m = macho(false, true);
    torment(m, 1500);
    free(m);
    m = fat();
    m->n = FAT + SIZE;
    torment(m, 1000);
    free(m);
}

TESTS_MAIN()
