/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A slice: pointer and length, never NUL-terminated by contract, never owning. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct tw_str {
    const char *p;
    size_t n;
} tw_str;

#define TW_S(lit) ((tw_str){(lit), sizeof(lit) - 1})
#define TW_SI(lit)             \
    {                          \
        (lit), sizeof(lit) - 1 \
    }                               /* the same, as a static initialiser */
#define TW_FMT(s) (int)(s).n, (s).p /* for "%.*s" */
#define TW_COUNT(a) (sizeof(a) / sizeof((a)[0]))

static inline tw_str tw_str_of(const char *p, size_t n)
{
    return (tw_str){p, n};
}
static inline tw_str tw_str_c(const char *z)
{
    return (tw_str){z, z ? strlen(z) : 0};
}
static inline bool tw_str_eq(tw_str a, tw_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
/* Byte order, shorter first on a common prefix. */
static inline int tw_str_cmp(tw_str a, tw_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}
static inline bool tw_str_starts(tw_str s, tw_str pre)
{
    return s.n >= pre.n && (pre.n == 0 || memcmp(s.p, pre.p, pre.n) == 0);
}
static inline bool tw_str_ends(tw_str s, tw_str suf)
{
    return s.n >= suf.n && (suf.n == 0 || memcmp(s.p + (s.n - suf.n), suf.p, suf.n) == 0);
}
/* s[from, to), clamped to the slice. */
static inline tw_str tw_str_sub(tw_str s, size_t from, size_t to)
{
    if (to > s.n) to = s.n;
    if (from > to) from = to;
    return (tw_str){from ? s.p + from : s.p, to - from};
}
#define TW_NPOS SIZE_MAX
/* Source: str.c. Offset of the first/last occurrence, TW_NPOS where none. */
size_t tw_str_find(tw_str s, tw_str needle);
size_t tw_str_chr(tw_str s, char c);
size_t tw_str_rchr(tw_str s, char c);
/* What follows the last '/'; the whole where there is none. */
tw_str tw_str_base(tw_str path);
/* ASCII only, locale-free. tw_str_trim takes blanks and \t \n \v \f \r off, no other control byte. */
bool tw_str_ieq(tw_str a, tw_str b);
tw_str tw_str_trim(tw_str s);
/* Takes the part of *rest before the first `sep` and moves *rest past it; false when *rest is
 * exhausted (p == NULL afterwards). */
bool tw_str_split(tw_str *rest, char sep, tw_str *ret_part);
/* Glob with `*` (any run without '/'), `**` (any run), `?` (one byte but '/'); linear in |s|*|pat|. */
bool tw_str_glob(tw_str pat, tw_str s);
/* Decimal, whole slice, no sign; false on overflow or anything else. */
bool tw_str_u64(tw_str s, uint64_t *ret);
/* 64-bit keyed hash for in-memory tables (not stable across versions, never persisted). */
uint64_t tw_str_hash(tw_str s, uint64_t seed);
