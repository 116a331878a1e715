/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Small binaries made by the tests of the native reader, and what must hold of whatever becomes of their bytes. */
#include "engine/artifact/artifact.h"
#include "engine/languages/languages.h"
#include "engine/languages/native/native.h"
#include "engine/record/record.h"
#include "ir_check.h"
#include "tap.h"

enum { MADE_MAX = 16384 };

typedef struct made { /* bytes under construction, little-endian unless big */
    uint8_t p[MADE_MAX];
    size_t n;
    bool big;
} made;

static void put(made *m, size_t off, uint64_t v, unsigned size)
{
    for (unsigned i = 0; i < size; i++) m->p[off + (m->big ? size - 1 - i : i)] = (uint8_t)(v >> (8 * i));
    if (off + size > m->n) m->n = off + size;
}

static void put_text(made *m, size_t off, const char *s, size_t n)
{
    memcpy(m->p + off, s, n);
    if (off + n > m->n) m->n = off + n;
}

static tw_str made_str(const made *m)
{
    return tw_str_of((const char *)m->p, m->n);
}

static nat *nat_of(tw_arena *a, tw_str s)
{
    nat *n = TW_NEW(a, nat);
    nat_read(a, s, n);
    return n;
}

__attribute__((unused)) static bool has_import(const nat *n, const char *symbol)
{
    for (uint32_t i = 0; i < n->imports.n; i++)
        if (tw_str_eq(n->imports.v[i].symbol, tw_str_c(symbol))) return true;
    return false;
}

__attribute__((unused)) static bool has_export(const nat *n, const char *name)
{
    for (uint32_t i = 0; i < n->exports.n; i++)
        if (tw_str_eq(n->exports.v[i], tw_str_c(name))) return true;
    return false;
}

__attribute__((unused)) static bool has_text(const nat *n, const char *s)
{
    for (uint32_t i = 0; i < n->strings.n; i++)
        if (tw_str_eq(n->strings.v[i].text, tw_str_c(s))) return true;
    return false;
}

/* Every slice within the file or the arena, every offset within the file, a well-formed stream, a record that decodes. The copy
 * on the heap is exactly as long as the file, so that ASan sees a step past its end. */
static const char *native_wrong(tw_str s)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_record r, back;
    tw_buf b = TW_BUF_INIT;
    char *copy = malloc(s.n ? s.n : 1);
    memcpy(copy, s.p, s.n);
    s.p = copy;
    nat *n = nat_of(a, s);
    const char *wrong = NULL;
    for (uint32_t i = 0; i < n->sections.n; i++)
        if (n->sections.v[i].off > s.n || n->sections.v[i].size > s.n - n->sections.v[i].off)
            wrong = "a section leaves the file";
    for (uint32_t i = 0; i < n->strings.n; i++)
        if (n->strings.v[i].off > s.n || n->strings.v[i].len > s.n - n->strings.v[i].off)
            wrong = "a text leaves the file";
    if (n->end > s.n || (n->overlay && n->overlay_size > s.n - n->overlay_off))
        wrong = "the end lies behind the file";
    tw_front_native.lower(a, s, &lim, &ir);
    const char *ill = ir_wrong(&ir);
    tw_evaluate(a, &ir, &lim, &r);
    tw_record_encode(&r, &b);
    if (tw_record_decode(a, tw_buf_str(&b), &back, NULL) != TW_OK) wrong = "the record does not decode";
    tw_buf_free(&b);
    tw_arena_free(a);
    free(copy);
    return ill ? ill : wrong;
}

/* Cut at every byte, and with bytes changed by chance: 32-bit values that matter most often. */
__attribute__((unused)) static void torment(const made *m, int mutants)
{
    static const uint32_t nasty[] = {0,          1,          0x7F,       0xFF, 0xFFFF, 0x7FFFFFFF,
                                     0x80000000, 0xFFFFFFFF, 0xFFFFFFF0, 64,   4096,   16};
    for (size_t cut = 0; cut <= m->n; cut++) {
        const char *wrong = native_wrong(tw_str_of((const char *)m->p, cut));
        if (wrong) fprintf(stderr, "cut at %zu: %s\n", cut, wrong);
        CHECK(!wrong);
    }
    uint64_t seed = 88172645463325252ull;
    for (int i = 0; i < mutants; i++) {
        made x = *m;
        for (int k = 0; k <= i % 3; k++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            size_t at = (size_t)(seed >> 8) % (x.n - 8);
            if (seed & 1)
                put(&x, at & ~(size_t)3, nasty[(seed >> 40) % TW_COUNT(nasty)], 4);
            else
                x.p[at] ^= (uint8_t)(seed >> 32);
        }
        const char *wrong = native_wrong(made_str(&x));
        if (wrong) fprintf(stderr, "mutant %d: %s\n", i, wrong);
        CHECK(!wrong);
    }
}
